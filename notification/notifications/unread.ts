/** SQL on unread notifications: counting them, and marking them as read a chunk at a time. */
import type { Db } from '@parley/kit/stores/database';
import { and, asc, count, desc, eq, gt, inArray, lte, type SQLWrapper, sql } from 'drizzle-orm';
import { notifications } from '../db/schema.ts';

/** Counting stops here: nobody needs a larger number exactly, and a longer count costs more. */
export const MAX_COUNTED_UNREAD = 10_000;
/** The rows that one statement changes at most. */
export const CHUNK_ROWS = 5_000;

export const isUnread = sql`not ${notifications.read}`;

export const countOfUnread = (db: Db, userId: string) => {
  const unread = db
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.userId, userId), isUnread))
    .limit(MAX_COUNTED_UNREAD)
    .as('unread');
  return db.select({ unread: count() }).from(unread);
};

/** A chunk of a user's unread notifications about messages of a room, up to a position. */
export const unreadInRoom = (db: Db, userId: string, roomId: string, upTo: number) =>
  db
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        eq(notifications.userId, userId),
        eq(notifications.roomId, roomId),
        lte(notifications.position, upTo),
        isUnread,
      ),
    )
    .orderBy(asc(notifications.position), asc(notifications.id))
    .limit(CHUNK_ROWS);

/** Marks a user's oldest unread notifications beyond the limit as read. They stay in the list until retention deletes them. */
export const readSurplus = async (tx: Db, userId: string, unreadLimit: number): Promise<void> => {
  const surplus = tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.userId, userId), isUnread))
    .orderBy(desc(notifications.id))
    .offset(unreadLimit)
    .limit(CHUNK_ROWS)
    .for('update', { skipLocked: true });
  await tx.update(notifications).set({ read: true }).where(inArray(notifications.id, surplus));
};

/** Sorts before every id. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The id of a user's newest unread notification. */
export const newestUnread = async (db: Db, userId: string): Promise<string | undefined> => {
  const [row] = await db
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.userId, userId), isUnread))
    .orderBy(desc(notifications.id))
    .limit(1);
  return row?.id;
};

export const markRead = (db: Db, chunk: SQLWrapper) =>
  db
    .update(notifications)
    .set({ read: true })
    .where(inArray(notifications.id, chunk))
    .returning({ id: notifications.id });

/**
 * Marks a chunk of a user's unread notifications as read, of those with ids after one and up to another. Rows are locked in the order of
 * their ids, so that two concurrent callers wait for each other instead of deadlocking.
 * @returns the last id of the chunk; `upTo` when it was the last chunk
 */
export const markChunkRead = async (db: Db, userId: string, after: string, upTo: string): Promise<string> => {
  const chunk = db
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.userId, userId), isUnread, gt(notifications.id, after), lte(notifications.id, upTo)))
    .orderBy(asc(notifications.id))
    .limit(CHUNK_ROWS)
    .for('update');
  const marked = await markRead(db, chunk);
  if (marked.length < CHUNK_ROWS) return upTo;
  const ids = marked.map(({ id }) => id).sort();
  return ids.at(-1) ?? upTo;
};
