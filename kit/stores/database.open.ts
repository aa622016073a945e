/**
 * Opens a database: Drizzle over postgres.js or PGlite (Postgres compiled to run inside this process), by the scheme of the URL.
 * Every query goes through `run`, which bounds its time and turns "the database is away" into `storage_unavailable`.
 */
import type { SQL } from 'drizzle-orm';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { isAway, isReadOnly, isUnavailable, isUndone } from '../errors/store-errors.ts';
import type { StoreState } from '../process/health.ts';
import { errorFields, type Log } from '../process/log.ts';
import { keepFor } from '../time/keep-for.ts';
import { TimeoutError, withTimeout } from '../time/timeout.ts';
import { type Driver, rowsOf } from './database.driver.ts';
import { openServer } from './database.server.ts';
import type { Database, Db, Migrations } from './database.ts';
import { migrate } from './migrate.ts';

export interface DatabaseDeps {
  readonly url: string;
  readonly log: Log;
  /** The most connections that this process holds. */
  readonly poolSize?: number;
  /** The longest a query may take, in ms. */
  readonly queryTimeoutMs?: number;
}

const MIGRATION_RETRY_MS = 500;
const MAX_TRIES = 4;
/** The longest pause before the second try; doubled for each further one. */
const FIRST_PAUSE_MS = 20;
const PROBE_LASTS_MS = 100;

const isEmbeddedUrl = (url: string): boolean => /^(pglite|sqlite):/.test(url);

/** Loaded only when the URL asks for it: the images leave PGlite out. */
const openEmbedded = async (url: string): Promise<Driver> => {
  try {
    return (await import('./database.embedded.ts')).openEmbedded(url);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('This build has no Postgres inside: DATABASE_URL must name a server', { cause: error });
  }
};

/** After an error that leaves the session unusable, the next try gets another one. */
const recycleAfter = (error: unknown, driver: Driver, db: Db): void => {
  if (error instanceof TimeoutError || isReadOnly(error)) driver.recycle(db);
};

class DriverDatabase implements Database {
  readonly probe: () => Promise<StoreState>;
  readonly #opening: Promise<Driver>;
  readonly #log: Log;
  readonly #state: StoreState;
  readonly #queryTimeoutMs: number;
  #isClosed = false;
  #couldWrite = true;

  constructor({ url, log, poolSize = 10, queryTimeoutMs = 4_000 }: DatabaseDeps) {
    this.#log = log;
    this.#queryTimeoutMs = queryTimeoutMs;
    this.#state = isEmbeddedUrl(url) ? 'embedded' : 'connected';
    this.#opening = isEmbeddedUrl(url) ? openEmbedded(url) : Promise.resolve(openServer(url, { poolSize }));
    // Every use rejects with this error too. It is logged here, once, because /health swallows it.
    this.#opening.catch((error: unknown) => log.error({ event: 'database_not_opened', ...errorFields(error) }));
    this.probe = keepFor(PROBE_LASTS_MS, () => this.#probe());
  }

  async run<T>(work: (db: Db) => Promise<T>): Promise<T> {
    const driver = await this.#opening;
    const end = performance.now() + this.#queryTimeoutMs;
    for (let tries = 1; ; tries += 1) {
      const { db } = driver;
      try {
        return await withTimeout(work(db), end - performance.now());
      } catch (error) {
        recycleAfter(error, driver, db);
        if (!isUnavailable(error)) throw error;
        const mayPass = isUndone(error) && (!isReadOnly(error) || driver.db !== db);
        // Random, so that two transactions that deadlocked don't meet again.
        const pauseMs = Math.random() * FIRST_PAUSE_MS * 2 ** tries;
        if (!mayPass || tries === MAX_TRIES || performance.now() + pauseMs >= end)
          throw new Failure(errors.storage_unavailable, undefined, { cause: error });
        await Bun.sleep(pauseMs);
      }
    }
  }

  rows<Row>(query: SQL): Promise<Row[]> {
    return this.run(async (db) => rowsOf(await db.execute(query)) as Row[]);
  }

  async migrate(schema: string, migrations: Migrations): Promise<void> {
    const driver = await this.#opening;
    for (;;) {
      const { db } = driver;
      try {
        return await migrate(db, schema, migrations);
      } catch (error) {
        if (this.#isClosed || !isAway(error)) throw error;
        recycleAfter(error, driver, db);
        this.#log.warn({ event: 'database_away', waiting_for: 'migrations', ...errorFields(error) });
        await Bun.sleep(MIGRATION_RETRY_MS);
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const driver = await this.#opening.catch(() => undefined);
    await driver?.close();
  }

  async #probe(): Promise<StoreState> {
    const driver = await this.#opening;
    try {
      await this.run(driver.prove);
    } catch (error) {
      this.#logWritable(false, errorFields(error));
      throw error;
    }
    this.#logWritable(true);
    return this.#state;
  }

  /** Logs changes only. */
  #logWritable(canWrite: boolean, fields: object = {}): void {
    if (canWrite && !this.#couldWrite) this.#log.info({ event: 'database_writable' });
    if (!canWrite && this.#couldWrite) this.#log.warn({ event: 'database_not_writable', ...fields });
    this.#couldWrite = canWrite;
  }
}

/** Returns at once; queries wait until the connection is there. */
export const openDatabase = (deps: DatabaseDeps): Database => new DriverDatabase(deps);
