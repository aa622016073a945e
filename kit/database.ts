/**
 * The database: Drizzle over postgres.js or PGlite (Postgres compiled to run inside this process), by the scheme of the URL.
 * Every query goes through `run`, which bounds its time and turns "the database is away" into `storage_unavailable`.
 */
import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { openServer } from './database.server.ts';
import { Failure } from './errors.ts';
import { isAway } from './failures.ts';
import { errorFields, type Log } from './log.ts';
import { type Migrations, migrate } from './migrate.ts';
import { TimeoutError, withTimeout } from './timeout.ts';

/** The part of Drizzle that both backends share. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/** What a driver gives. */
export interface Driver {
  readonly db: Db;
  rows<Row>(query: SQL): Promise<Row[]>;
  /** Replaces the connections behind this `db`, one of which stopped answering; what is under way on the others goes on. */
  recycle(db: Db): void;
  close(): Promise<void>;
}

export interface Database {
  /** @throws {Failure} `storage_unavailable` when the database is away or takes longer than the limit */
  run<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Rows of a raw query. Types are the drivers' own: cast big integers and times in the query. Throws like `run`. */
  rows<Row>(query: SQL): Promise<Row[]>;
  /** Brings a Postgres schema of this name up to date, one replica at a time. Waits while the database is away. */
  migrate(schema: string, migrations: Migrations): Promise<void>;
  /** For /health. */
  probe(): Promise<'connected' | 'unavailable'>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly log: Log;
  /** The most connections that this process holds. */
  readonly poolSize?: number;
  /** The longest a query may take, in ms. */
  readonly queryTimeoutMs?: number;
}

const MIGRATION_RETRY_MS = 500;

const isEmbeddedUrl = (url: string): boolean => /^(pglite|sqlite):/.test(url);

export const openDatabase = ({ url, log, poolSize = 10, queryTimeoutMs = 4_000 }: DatabaseOptions): Database => {
  const opening = isEmbeddedUrl(url) ? openEmbedded(url) : Promise.resolve(openServer(url, { poolSize }));
  let isClosed = false;
  // Every use rejects with it too; said here once, since uses such as /health swallow it.
  opening.catch((error: unknown) => log.error({ event: 'database_not_opened', ...errorFields(error) }));

  const run = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    const driver = await opening;
    const { db } = driver;
    try {
      return await withTimeout(work(db), queryTimeoutMs);
    } catch (error) {
      if (error instanceof TimeoutError) driver.recycle(db);
      if (!isAway(error)) throw error;
      throw new Failure('storage_unavailable', undefined, { cause: error });
    }
  };

  const migrateOnceThere = async (schema: string, migrations: Migrations): Promise<void> => {
    const driver = await opening;
    for (;;) {
      try {
        return await migrate(driver.db, schema, migrations);
      } catch (error) {
        if (isClosed || !isAway(error)) throw error;
        log.warn({ event: 'database_away', waiting_for: 'migrations' });
        await Bun.sleep(MIGRATION_RETRY_MS);
      }
    }
  };

  return {
    run,
    rows: (query) => run(async () => (await opening).rows(query)),
    migrate: migrateOnceThere,
    probe: async () => {
      await (await opening).rows(sql`select 1`);
      return 'connected';
    },
    close: async () => {
      isClosed = true;
      const driver = await opening.catch(() => undefined);
      await driver?.close();
    },
  };
};

/** Loaded only where it is asked for: the images leave Postgres' own code out. */
const openEmbedded = async (url: string): Promise<Driver> => {
  try {
    return (await import('./database.embedded.ts')).openEmbedded(url);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('This build has no Postgres inside: DATABASE_URL must name a server', { cause: error });
  }
};

/** The rows of a raw result: postgres.js gives an array, PGlite an object. */
export const rowsOf = (result: unknown): unknown[] =>
  Array.isArray(result) ? result : ((result as { rows?: unknown[] }).rows ?? []);
