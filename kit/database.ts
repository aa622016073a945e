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
import { TimeoutError, withTimeout } from './timeout.ts';

/** The part of Drizzle that both backends share. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/** One step of a service's schema, as drizzle-kit generated it. Steps run once, in order, by name. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

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
  migrate(schema: string, migrations: readonly Migration[]): Promise<void>;
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
const MIGRATION_LOCK = 7_264_301;

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

  const migrate = async (schema: string, migrations: readonly Migration[]): Promise<void> => {
    const driver = await opening;
    for (;;) {
      try {
        await applyMigrations(driver, schema, migrations);
        return;
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
    migrate,
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

/** All steps in one transaction under an advisory lock: replicas that start together take turns, a failed step leaves nothing. */
const applyMigrations = (driver: Driver, schema: string, migrations: readonly Migration[]): Promise<void> =>
  driver.db.transaction(async (tx) => {
    const table = sql`${sql.identifier(schema)}.${sql.identifier('migrations')}`;
    await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    const exists = await tx.execute(sql`select 1 from pg_namespace where nspname = ${schema}`);
    // A role of least privilege owns its schema but may not create one.
    if (rowsOf(exists).length === 0) await tx.execute(sql`create schema ${sql.identifier(schema)}`);
    await tx.execute(
      sql`create table if not exists ${table} (name text primary key, applied_at timestamptz not null default now())`,
    );
    const applied = rowsOf(await tx.execute(sql`select name from ${table}`)) as { name: string }[];
    const names = new Set(applied.map(({ name }) => name));
    for (const migration of migrations.filter(({ name }) => !names.has(name))) {
      for (const statement of statementsOf(migration)) await tx.execute(sql.raw(statement));
      await tx.execute(sql`insert into ${table} (name) values (${migration.name})`);
    }
  });

/** drizzle-kit's first step creates the schema, which is there by now. */
const statementsOf = (migration: Migration): string[] =>
  migration.sql
    .split('--> statement-breakpoint')
    .filter((statement) => statement.trim() !== '' && !/^\s*create schema "\w+";?\s*$/i.test(statement));

/** The rows of a raw result: postgres.js gives an array, PGlite an object. */
export const rowsOf = (result: unknown): unknown[] =>
  Array.isArray(result) ? result : ((result as { rows?: unknown[] }).rows ?? []);
