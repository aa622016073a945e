/**
 * The database: Drizzle over postgres.js or PGlite (Postgres compiled to run inside this process), by the scheme of the URL.
 * Every query goes through `run`, which bounds its time and turns "the database is away" into `storage_unavailable`.
 */
import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { isAway, isReadOnly, isUnavailable, isUndone } from '../errors/store-errors.ts';
import type { StoreState } from '../process/health.ts';
import { errorFields, type Log } from '../process/log.ts';
import { keepFor } from '../time/keep-for.ts';
import { TimeoutError, withTimeout } from '../time/timeout.ts';
import { openServer } from './database.server.ts';
import { type Migrations, migrate } from './migrate.ts';

/** The part of Drizzle that both backends share. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/** What a driver gives. */
export interface Driver {
  readonly db: Db;
  /** Writes something of no meaning. @throws as a write does */
  prove(db: Db): Promise<void>;
  /**
   * Replaces the connections behind this `db`, one of which is no good any more; what is under way on the others goes on. At most once
   * in a while: a server that takes no writes would else get new connections with every request.
   */
  recycle(db: Db): void;
  close(): Promise<void>;
}

export interface Database {
  /**
   * @param work one statement or one transaction: it is done again when the database undid it (a deadlock, a serialization failure, a
   * session that had turned read-only)
   * @throws {Failure} `storage_unavailable` when the database is away, takes no writes or takes longer than the limit
   */
  run<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Rows of a raw query. Types are the drivers' own: cast big integers and times in the query. Throws like `run`. */
  rows<Row>(query: SQL): Promise<Row[]>;
  /** Brings a Postgres schema of this name up to date, one replica at a time. Waits while the database is away. */
  migrate(schema: string, migrations: Migrations): Promise<void>;
  /** For /health and /ready: whether it can be written to. Rejects while it can't. */
  probe(): Promise<StoreState>;
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
const MAX_TRIES = 4;
/** The longest wait before the second try; doubled for each further one. */
const TRY_AGAIN_MS = 20;
const PROBE_LASTS_MS = 100;

const isEmbeddedUrl = (url: string): boolean => /^(pglite|sqlite):/.test(url);

export const openDatabase = ({ url, log, poolSize = 10, queryTimeoutMs = 4_000 }: DatabaseOptions): Database => {
  const opening = isEmbeddedUrl(url) ? openEmbedded(url) : Promise.resolve(openServer(url, { poolSize }));
  let isClosed = false;
  // Every use rejects with it too; said here once, since uses such as /health swallow it.
  opening.catch((error: unknown) => log.error({ event: 'database_not_opened', ...errorFields(error) }));

  /** A session that is no good any more goes, so that the next try has another. */
  const dropSpent = (driver: Driver, db: Db, error: unknown): void => {
    if (error instanceof TimeoutError || isReadOnly(error)) driver.recycle(db);
  };

  const run = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    const driver = await opening;
    const end = performance.now() + queryTimeoutMs;
    for (let tries = 1; ; tries += 1) {
      const { db } = driver;
      try {
        return await withTimeout(work(db), end - performance.now());
      } catch (error) {
        dropSpent(driver, db, error);
        if (!isUnavailable(error)) throw error;
        const mayPass = isUndone(error) && (!isReadOnly(error) || driver.db !== db);
        // Apart from each other, or those that hindered each other meet again.
        const waitMs = Math.random() * TRY_AGAIN_MS * 2 ** tries;
        if (!mayPass || tries === MAX_TRIES || performance.now() + waitMs >= end) throw awayFailure(error);
        await Bun.sleep(waitMs);
      }
    }
  };

  const migrateOnceThere = async (schema: string, migrations: Migrations): Promise<void> => {
    const driver = await opening;
    for (;;) {
      const { db } = driver;
      try {
        return await migrate(db, schema, migrations);
      } catch (error) {
        if (isClosed || !isAway(error)) throw error;
        dropSpent(driver, db, error);
        log.warn({ event: 'database_away', waiting_for: 'migrations', ...errorFields(error) });
        await Bun.sleep(MIGRATION_RETRY_MS);
      }
    }
  };

  let couldWrite = true;
  const note = (canWrite: boolean, fields: object = {}): void => {
    if (canWrite && !couldWrite) log.info({ event: 'database_writable' });
    if (!canWrite && couldWrite) log.warn({ event: 'database_not_writable', ...fields });
    couldWrite = canWrite;
  };
  const probe = async (): Promise<StoreState> => {
    const driver = await opening;
    try {
      await run(driver.prove);
    } catch (error) {
      note(false, errorFields(error));
      throw error;
    }
    note(true);
    return isEmbeddedUrl(url) ? 'embedded' : 'connected';
  };

  return {
    run,
    rows: <Row>(query: SQL) => run(async (db) => rowsOf(await db.execute(query)) as Row[]),
    migrate: migrateOnceThere,
    probe: keepFor(PROBE_LASTS_MS, probe),
    close: async () => {
      isClosed = true;
      const driver = await opening.catch(() => undefined);
      await driver?.close();
    },
  };
};

const awayFailure = (cause: unknown): Failure => new Failure(errors.storage_unavailable, undefined, { cause });

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
