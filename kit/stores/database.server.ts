/** A Postgres server, over postgres.js. */
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { type Driver, rowsOf } from './database.driver.ts';
import type { Db } from './database.ts';

const CONNECT_TIMEOUT_S = 2;
const IDLE_TIMEOUT_S = 300;
const STATEMENT_TIMEOUT_MS = 10_000;
/** How long running queries of a replaced pool may take before they are cut off. */
const LAST_QUERIES_S = 5;
const RECYCLE_INTERVAL_MS = 1_000;

/**
 * Writes an empty record to the write-ahead log, and ends when it is durable. `select 1` would also succeed on a standby, on a read-only
 * server, and on a primary whose synchronous standby is away.
 */
const PROVE = sql`
  select case when current_setting('transaction_read_only')::boolean then false
         else pg_logical_emit_message(true, 'parley', '') is not null end as is_writable`;

/** The error with which the server rejects a write in a read-only session. */
const readOnlyError = () => Object.assign(new Error('The session is read-only'), { code: '25006' });

/** Drops the name of a Python driver, as in `postgresql+psycopg2://`. */
const plainUrl = (url: string): string => url.replace(/^postgres(ql)?(\+\w+)?:/, 'postgres:');

export const openServer = (url: string, { poolSize }: { poolSize: number }): Driver => {
  const connect = () => {
    const client = postgres(plainUrl(url), {
      max: poolSize,
      connect_timeout: CONNECT_TIMEOUT_S,
      idle_timeout: IDLE_TIMEOUT_S,
      backoff: (attempt: number) => Math.min(0.1 * 2 ** attempt, 1),
      connection: { application_name: 'parley', statement_timeout: STATEMENT_TIMEOUT_MS },
      onnotice: () => undefined,
    });
    return { client, db: drizzle(client) as Db };
  };
  let current = connect();
  let connectedAt = Number.NEGATIVE_INFINITY;

  return {
    get db() {
      return current.db;
    },
    prove: async (db) => {
      const [row] = rowsOf(await db.execute(PROVE)) as { is_writable: boolean }[];
      if (!row?.is_writable) throw readOnlyError();
    },
    recycle: (db) => {
      // Of many queries that fail together, only the first replaces the pool.
      if (db !== current.db || performance.now() - connectedAt < RECYCLE_INTERVAL_MS) return;
      const { client } = current;
      connectedAt = performance.now();
      current = connect();
      void client.end({ timeout: LAST_QUERIES_S });
    },
    close: () => current.client.end({ timeout: 2 }),
  };
};
