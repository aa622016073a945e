/**
 * What notification's reads cost in a table of 10,000 and of 1,000,000 rows, as ratios, and the plans Postgres makes for them; then
 * what the unread count costs for a user with very many. Run: `bun bench/notification.ts` (needs Postgres).
 */

import { createLog } from '@parley/kit/process/log';
import type { Database } from '@parley/kit/stores/database';
import { openDatabase } from '@parley/kit/stores/database.open';
import { migrations } from '@parley/notification/db/migrations/index';
import { createNotificationStore, newestPage } from '@parley/notification/notifications/store';
import { countOfUnread } from '@parley/notification/notifications/unread';
import { closeAll } from '@parley/testing/run/run-folder';
import { startPostgres } from '@parley/testing/servers/servers';
import { type SQLWrapper, sql } from 'drizzle-orm';
import { compare, formatRatios, type Subject } from './ratios.ts';

/** None is marked as read while it is measured. */
const UNREAD_LIMIT = 1_000_000;
const SMALL_ROWS = 10_000;
const LARGE_ROWS = 1_000_000;
const ROWS_PER_USER = 200;
/** One in so many is unread. */
const UNREAD_EVERY = 10;
const PAGE = 50;
const MANY_UNREAD = 100_000;
const FILL_TIMEOUT_MS = 600_000;

interface Fill {
  readonly first: number;
  readonly count: number;
  /** SQL of a row's number, `n`. */
  readonly user: string;
  readonly isRead: string;
}

/** Inserts rows `first` ..., a second apart, with ids as the service makes them: they begin with the time of creation. */
const fill = async (database: Database, { first, count, user, isRead }: Fill): Promise<void> => {
  const insert = sql.raw(`
    insert into notification.notifications (id, user_id, title, body, notif_type, room_id, from_user, read, created_at)
    select (lpad(to_hex(1700000000000 + n * 1000), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
           ${user}, 'You were mentioned', repeat('x', 200), 'mention', 'general', 'bob', ${isRead}, to_timestamp(1700000000 + n)
    from generate_series(${first}::bigint, ${first + count - 1}) n`);
  await database.run((db) =>
    db.transaction(async (tx) => {
      await tx.execute(sql`set local statement_timeout = 0`);
      await tx.execute(insert);
    }),
  );
  await database.rows(sql`vacuum analyze notification.notifications`);
};

const openFilled = async (rows: number): Promise<{ database: Database; users: number }> => {
  const { url } = await startPostgres();
  const database = openDatabase({ url, log: createLog('bench', 'silent'), queryTimeoutMs: FILL_TIMEOUT_MS });
  await database.migrate('notification', migrations);
  const users = rows / ROWS_PER_USER;
  await fill(database, {
    first: 1,
    count: rows,
    user: `'user-' || (n % ${users})`,
    isRead: `(n / ${users}) % ${UNREAD_EVERY} <> 0`,
  });
  return { database, users };
};

const subjectOf = (rows: number, { database, users }: { database: Database; users: number }): Subject => {
  const store = createNotificationStore(database, UNREAD_LIMIT);
  const anyone = () => `user-${Math.floor(Math.random() * users)}`;
  return {
    name: `${rows.toLocaleString('en')} rows`,
    works: {
      [`newest page of ${PAGE}`]: () => store.list({ userId: anyone(), unreadOnly: false, limit: PAGE }),
      [`newest page of ${PAGE} unread`]: () => store.list({ userId: anyone(), unreadOnly: true, limit: PAGE }),
      'unread count': () => store.countUnread(anyone()),
    },
  };
};

const planOf = async (database: Database, query: SQLWrapper): Promise<string> => {
  const rows = await database.rows<{ 'QUERY PLAN': string }>(
    sql`explain (analyze, costs off, timing off, summary off, buffers off) ${query}`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
};

const printPlans = async (database: Database) => {
  const page = { userId: 'user-7', unreadOnly: false, limit: PAGE };
  const queries = await database.run(async (db) => ({
    [`newest page of ${PAGE}`]: newestPage(db, page).getSQL(),
    'unread count': countOfUnread(db, page.userId).getSQL(),
  }));
  for (const [name, query] of Object.entries(queries))
    process.stdout.write(`\n${name}:\n${await planOf(database, query)}\n`);
};

/** The count of a user with few and of one with very many unread, with its limit and without. */
const compareMany = async (database: Database): Promise<void> => {
  await fill(database, { first: SMALL_ROWS + 1, count: MANY_UNREAD, user: `'busy'`, isRead: 'false' });
  const store = createNotificationStore(database, UNREAD_LIMIT);
  const subject = (name: string, userId: string): Subject => ({
    name,
    works: {
      'unread count': () => store.countUnread(userId),
      'without its limit': () =>
        database.rows(sql`select count(*) from notification.notifications where user_id = ${userId} and not read`),
    },
  });
  const few = subject(`${ROWS_PER_USER / UNREAD_EVERY} unread`, 'user-7');
  const many = subject(`${MANY_UNREAD.toLocaleString('en')} unread`, 'busy');
  process.stdout.write(`\n${formatRatios(few, many, await compare(few, many))}\n`);
};

try {
  const [small, large] = [await openFilled(SMALL_ROWS), await openFilled(LARGE_ROWS)];
  const [server] = await large.database.rows<{ version: string }>(
    sql`select current_setting('server_version') as version`,
  );
  process.stdout.write(`Postgres ${server?.version}\n\n`);
  const [base, other] = [subjectOf(SMALL_ROWS, small), subjectOf(LARGE_ROWS, large)];
  process.stdout.write(`${formatRatios(base, other, await compare(base, other))}\n`);
  await printPlans(large.database);
  await compareMany(small.database);
} finally {
  await closeAll();
}
process.exit();
