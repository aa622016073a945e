/** What the database needs of a backend: postgres.js or PGlite. */
import type { Db } from './database.ts';

export interface Driver {
  readonly db: Db;
  /** Writes something without a meaning. @throws as a write does */
  prove(db: Db): Promise<void>;
  /**
   * Replaces the connections of this `db`, one of which is no longer usable; queries on the others may finish. Limited to one call per
   * interval: otherwise a server that takes no writes would get new connections with every request.
   */
  recycle(db: Db): void;
  close(): Promise<void>;
}

/** The rows of a raw result: postgres.js returns an array, PGlite an object. */
export const rowsOf = (result: unknown): unknown[] =>
  Array.isArray(result) ? result : ((result as { rows?: unknown[] }).rows ?? []);
