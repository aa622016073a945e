/** All SQL on notifications. Every method throws `storage_unavailable` when the database is away. */

import { Failure } from '@parley/kit/errors/failure';
import type { Database, Db } from '@parley/kit/stores/database';
import { and, asc, count, desc, eq, gt, inArray, lt, lte, type SQLWrapper, sql } from 'drizzle-orm';
import { isOutdated } from '../changes/rules.ts';
import { holdChange } from '../changes/store.ts';
import { idempotencyKeys, notifications } from '../db/schema.ts';
import { errors } from '../errors.ts';
import { fromRow, toRow } from './row.ts';
import { type Creation, type Notification, replay } from './rules.ts';

/** Counting further would cost more than anyone reads from it. */
export const MAX_COUNTED_UNREAD = 10_000;
const CHUNK_ROWS = 5_000;

export interface Page {
  readonly userId: string;
  readonly unreadOnly: boolean;
  readonly limit: number;
  /** Only older ones than this id, whether or not it still exists. */
  readonly before?: string | undefined;
}

export interface Created {
  readonly notification: Notification;
  /** False when its key had created it before. */
  readonly isNew: boolean;
}

export interface CreateOptions {
  /** The creator's own key, and whose it is. */
  readonly key?: { readonly creator: string; readonly text: string } | undefined;
  /** The `seq` of the message's state that it tells. */
  readonly messageSeq?: number | undefined;
}

export interface NotificationStore {
  /**
   * Stores it, unless the key has stored one before: then that one. Beyond `unreadLimit` its user's oldest unread ones are read.
   * @throws {Failure} `idempotency_key_taken`, `message_changed`
   */
  create(notification: Notification, options?: CreateOptions): Promise<Created>;
  /** Newest first. */
  list(page: Page): Promise<Notification[]>;
  /** Exact up to `MAX_COUNTED_UNREAD`. */
  countUnread(userId: string): Promise<number>;
  /** The user a notification is for, or undefined when there is none with this id. */
  ownerOf(id: string): Promise<string | undefined>;
  markRead(id: string): Promise<void>;
  /** Marks those that are there now. */
  markAllRead(userId: string): Promise<void>;
  /** Marks those of a room that are about a message at most at this position. */
  markRoomRead(userId: string, roomId: string, upTo: number): Promise<void>;
  remove(id: string): Promise<void>;
  /** One that is there and unread, which from now on counts as handed to browsers. */
  claimForPush(id: string, at: Date): Promise<Notification | undefined>;
  find(id: string): Promise<Notification | undefined>;
  /** Forgets keys created before a time, a chunk at once. @returns how many; none are left when it is 0 */
  forgetKeysBefore(time: Date): Promise<number>;
  /** Deletes read ones created before a time, a chunk at once. @returns how many; none are left when it is 0 */
  removeReadBefore(time: Date): Promise<number>;
}

const isUnread = sql`not ${notifications.read}`;

/** Exported for their plans, like `countOfUnread` and `unreadInRoom`. */
export const newestPage = (db: Db, { userId, unreadOnly, limit, before }: Page) =>
  db
    .select()
    .from(notifications)
    .where(
      and(
        eq(notifications.userId, userId),
        unreadOnly ? isUnread : undefined,
        before === undefined ? undefined : lt(notifications.id, before),
      ),
    )
    .orderBy(desc(notifications.id))
    .limit(limit);

export const countOfUnread = (db: Db, userId: string) => {
  const unread = db
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.userId, userId), isUnread))
    .limit(MAX_COUNTED_UNREAD)
    .as('unread');
  return db.select({ unread: count() }).from(unread);
};

/** A chunk of a room's unread notifications up to a position. */
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

/** @param unreadLimit the most unread notifications that a person has */
export const createNotificationStore = (database: Database, unreadLimit: number): NotificationStore => ({
  create: (notification, { key, messageSeq } = {}) =>
    database.run((db) =>
      db.transaction(async (tx) => {
        const { message_id: messageId, user_id: userId } = notification;
        if (messageId !== null && isOutdated(await holdChange(tx, messageId), messageSeq))
          throw new Failure(errors.message_changed);
        const row = toRow(notification);
        const earlier = key && (await claimKey(tx, key, row));
        if (earlier) return { notification: replay(earlier.creation, earlier.current, notification), isNew: false };
        await tx.insert(notifications).values(row);
        await readSurplus(tx, userId, unreadLimit);
        return { notification, isNew: true };
      }),
    ),

  list: (page) => database.run(async (db) => (await newestPage(db, page)).map(fromRow)),

  countUnread: (userId) =>
    database.run(async (db) => {
      const [row] = await countOfUnread(db, userId);
      return row?.unread ?? 0;
    }),

  ownerOf: (id) =>
    database.run(async (db) => {
      const rows = await db
        .select({ userId: notifications.userId })
        .from(notifications)
        .where(eq(notifications.id, id));
      return rows[0]?.userId;
    }),

  markRead: async (id) => {
    await database.run((db) =>
      db
        .update(notifications)
        .set({ read: true })
        .where(and(eq(notifications.id, id), isUnread)),
    );
  },

  markAllRead: async (userId) => {
    const newest = await database.run((db) => newestUnread(db, userId));
    let done = FIRST_ID;
    while (newest && done < newest) done = await database.run((db) => markChunkRead(db, userId, done, newest));
  },

  markRoomRead: async (userId, roomId, upTo) => {
    for (let marked = CHUNK_ROWS; marked === CHUNK_ROWS; )
      marked = await database.run(async (db) => {
        const chunk = unreadInRoom(db, userId, roomId, upTo).for('update');
        return (await markRead(db, chunk)).length;
      });
  },

  claimForPush: (id, pushedAt) =>
    database.run(async (db) => {
      const [row] = await db
        .update(notifications)
        .set({ pushedAt })
        .where(and(eq(notifications.id, id), isUnread))
        .returning();
      return row && fromRow(row);
    }),

  find: (id) =>
    database.run(async (db) => {
      const [row] = await db.select().from(notifications).where(eq(notifications.id, id));
      return row && fromRow(row);
    }),

  forgetKeysBefore: (time) =>
    database.run(async (db) => {
      const { creator, key } = idempotencyKeys;
      const old = db
        .select({ creator, key })
        .from(idempotencyKeys)
        .where(lt(idempotencyKeys.createdAt, time))
        .orderBy(asc(idempotencyKeys.createdAt))
        .limit(CHUNK_ROWS)
        .for('update', { skipLocked: true });
      const removed = await db.delete(idempotencyKeys).where(sql`(${creator}, ${key}) in ${old}`).returning({ key });
      return removed.length;
    }),

  remove: async (id) => {
    await database.run((db) => db.delete(notifications).where(eq(notifications.id, id)));
  },

  removeReadBefore: (time) =>
    database.run(async (db) => {
      // Replicas that sweep at the same time take different rows.
      const expired = db
        .select({ id: notifications.id })
        .from(notifications)
        .where(and(sql`${notifications.read}`, lt(notifications.createdAt, time)))
        .orderBy(asc(notifications.createdAt))
        .limit(CHUNK_ROWS)
        .for('update', { skipLocked: true });
      const removed = await db.delete(notifications).where(inArray(notifications.id, expired)).returning({
        id: notifications.id,
      });
      return removed.length;
    }),
});

type Row = ReturnType<typeof toRow>;

/** Claims the key for the row, or answers what the key made before. Of callers at the same time one claims, the others wait. */
const claimKey = async (
  tx: Db,
  { creator, text: key }: NonNullable<CreateOptions['key']>,
  { id: notificationId, userId, fromUser, createdAt }: Row,
): Promise<{ creation: Creation; current: Notification | undefined } | undefined> => {
  const claimed = await tx
    .insert(idempotencyKeys)
    .values({ creator, key, notificationId, userId, fromUser, createdAt })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (claimed.length > 0) return undefined;
  const [earlier] = await tx
    .select()
    .from(idempotencyKeys)
    .leftJoin(notifications, eq(notifications.id, idempotencyKeys.notificationId))
    .where(and(eq(idempotencyKeys.creator, creator), eq(idempotencyKeys.key, key)));
  // It aged out between the two statements.
  if (!earlier) throw new Failure(errors.storage_unavailable);
  const { notificationId: id, ...first } = earlier.idempotency_keys;
  return { creation: { ...first, id }, current: earlier.notifications ? fromRow(earlier.notifications) : undefined };
};

/** Marks the oldest unread ones beyond the limit as read: nothing is lost, and retention deletes them in time. */
const readSurplus = async (tx: Db, userId: string, unreadLimit: number): Promise<void> => {
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

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

const newestUnread = async (db: Db, userId: string): Promise<string | undefined> => {
  const [row] = await db
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.userId, userId), isUnread))
    .orderBy(desc(notifications.id))
    .limit(1);
  return row?.id;
};

const markRead = (db: Db, chunk: SQLWrapper) =>
  db
    .update(notifications)
    .set({ read: true })
    .where(inArray(notifications.id, chunk))
    .returning({ id: notifications.id });

/** Rows are locked in id order, so that two callers wait for each other instead of deadlocking. @returns the last id done */
const markChunkRead = async (db: Db, userId: string, after: string, upTo: string): Promise<string> => {
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
