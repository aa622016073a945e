/** A Postgres server, over postgres.js. */
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { type Db, type Driver, rowsOf } from './database.ts';

const CONNECT_TIMEOUT_S = 2;
const IDLE_TIMEOUT_S = 300;
const STATEMENT_TIMEOUT_MS = 10_000;
/** How long a pool that is given up may take for the queries that are still under way. */
const LAST_QUERIES_S = 5;

/** `postgresql+psycopg2://` and the like name a Python driver: the rest of the URL is the same. */
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
    return { client, db: drizzle(client) as unknown as Db };
  };
  let current = connect();

  return {
    get db() {
      return current.db;
    },
    rows: async <Row>(query: Parameters<Db['execute']>[0]) => rowsOf(await current.db.execute(query)) as Row[],
    recycle: (db) => {
      // Of many queries that time out together, the first replaces the pool.
      if (db !== current.db) return;
      const { client } = current;
      current = connect();
      void client.end({ timeout: LAST_QUERIES_S });
    },
    close: () => current.client.end({ timeout: 2 }),
  };
};
