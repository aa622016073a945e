/** What a service sees of its database. `database.open.ts` opens one; `migrate.ts` applies migrations. */
import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { StoreState } from '../process/health.ts';

/** The part of Drizzle that both backends share. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/** A file of SQL, by its name without `.sql`. Statements are separated by drizzle-kit's `--> statement-breakpoint`. */
export interface SqlFile {
  readonly name: string;
  readonly sql: string;
}

export interface Migrations {
  /** Each runs once per database. An applied step must not change: write a new one. */
  readonly steps: readonly SqlFile[];
  /**
   * `CREATE OR REPLACE FUNCTION`, applied after the steps in this order; a function comes after those that its body calls. Replicas of
   * two releases run side by side: a function whose arguments or result change gets a new name, and a later step drops the old one.
   */
  readonly functions?: readonly SqlFile[];
}

export interface Database {
  /**
   * @param work one statement or one transaction. It is repeated when the database rolled it back (a deadlock, a serialization failure, a
   * session that had turned read-only)
   * @throws {Failure} `storage_unavailable` when the database is away, takes no writes or takes longer than the limit
   */
  run<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Rows of a raw query. Types are the drivers' own: cast big integers and times in the query. Throws like `run`. */
  rows<Row>(query: SQL): Promise<Row[]>;
  /** Brings a Postgres schema of this name up to date, one replica at a time. Waits while the database is away. */
  migrate(schema: string, migrations: Migrations): Promise<void>;
  /** For /health and /ready: resolves while the database takes writes, rejects otherwise. */
  probe(): Promise<StoreState>;
  close(): Promise<void>;
}
