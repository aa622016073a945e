/** The store of notifications. Every method throws `storage_unavailable` when the database is away. */
import { Failure } from '@parley/kit/errors/failure';
import type { Database, Db } from '@parley/kit/stores/database';
import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { isOutdated } from '../changes/rules.ts';
import { holdChange } from '../changes/store.ts';
import { notifications } from '../db/schema.ts';
import { errors } from '../errors.ts';
import { type CreationKey, claimKey, forgetKeys } from './keys.ts';
import { fromRow, toRow } from './row.ts';
import { type Notification, replay } from './rules.ts';
import {
  CHUNK_ROWS,
  countOfUnread,
  FIRST_ID,
  isUnread,
  markChunkRead,
  markRead,
  newestUnread,
  readSurplus,
  unreadInRoom,
} from './unread.ts';

export interface Page {
  readonly userId: string;
  readonly unreadOnly: boolean;
  readonly limit: number;
  /** Only notifications older than this id. The notification with this id may be gone. */
  readonly before?: string | undefined;
}

export interface Created {
  readonly notification: Notification;
  /** False when an earlier request with the same key created it. */
  readonly isNew: boolean;
}

export interface CreateOptions {
  readonly key?: CreationKey | undefined;
  /** The `seq` of the message that the notification is about, as its creator read it. */
  readonly messageSeq?: number | undefined;
}

export interface NotificationStore {
  /**
   * Stores a notification, or returns the one that the same key created before. Beyond `unreadLimit` the user's oldest unread ones are
   * marked as read.
   * @throws {Failure} `idempotency_key_taken`, `message_changed`
   */
  create(notification: Notification, options?: CreateOptions): Promise<Created>;
  /** Newest first. */
  list(page: Page): Promise<Notification[]>;
  /** The number of unread notifications, `MAX_COUNTED_UNREAD` at most. */
  countUnread(userId: string): Promise<number>;
  /** The user of a notification; undefined when there is no notification with this id. */
  ownerOf(id: string): Promise<string | undefined>;
  markRead(id: string): Promise<void>;
  /** Marks the user's notifications that exist now, not those that are created meanwhile. */
  markAllRead(userId: string): Promise<void>;
  /** Marks the user's notifications about messages of a room, up to this position. */
  markRoomRead(userId: string, roomId: string, upTo: number): Promise<void>;
  remove(id: string): Promise<void>;
  /** Records that a notification is being pushed. Undefined when it is read or gone: then it must not be pushed. */
  claimForPush(id: string, at: Date): Promise<Notification | undefined>;
  find(id: string): Promise<Notification | undefined>;
  /** Deletes one chunk of the idempotency keys created before a time. @returns the number of keys; 0 when none is left */
  forgetKeysBefore(time: Date): Promise<number>;
  /** Deletes one chunk of the read notifications created before a time. @returns their number; 0 when none is left */
  removeReadBefore(time: Date): Promise<number>;
}

/** A page of a user's notifications. Exported so that a test can read the query's plan. */
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

/** @param unreadLimit how many unread notifications a user has at most */
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

  forgetKeysBefore: (time) => database.run((db) => forgetKeys(db, time)),

  remove: async (id) => {
    await database.run((db) => db.delete(notifications).where(eq(notifications.id, id)));
  },

  removeReadBefore: (time) =>
    database.run(async (db) => {
      // Rows that another replica is deleting at the same time are locked: skip them.
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
