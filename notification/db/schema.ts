/** notification's tables, in the Postgres schema `notification`. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, pgSchema, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const notification = pgSchema('notification');

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

/**
 * Ids are UUIDv7, which begin with the time of creation: sorting by id sorts by time, and an id works as the cursor of a page even after
 * its row is deleted.
 */
export const notifications = notification.table(
  'notifications',
  {
    id: uuid('id').primaryKey(),
    userId: text('user_id').notNull(),
    title: text('title').notNull(),
    body: text('body').notNull(),
    notifType: text('notif_type', { enum: ['message', 'mention', 'system'] }).notNull(),
    roomId: text('room_id'),
    fromUser: text('from_user'),
    /** The message that the notification is about, and its `position` in the room; both null when it is about none. */
    messageId: uuid('message_id'),
    position: bigint('position', { mode: 'number' }),
    /** When it was pushed to the user's browsers; null before. */
    pushedAt: instant('pushed_at'),
    read: boolean('read').notNull().default(false),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('notifications_newest').on(table.userId, table.id),
    index('notifications_unread').on(table.userId, table.id).where(sql`not "read"`),
    index('notifications_unread_in_room')
      .on(table.userId, table.roomId, table.position)
      .where(sql`not "read" and "position" is not null`),
    index('notifications_message').on(table.messageId).where(sql`"message_id" is not null`),
    index('notifications_expiring').on(table.createdAt).where(sql`"read"`),
  ],
);

/**
 * Idempotency keys, separate for each creator. A key outlives its notification, so that a retry after the deletion creates nothing;
 * retention deletes it.
 */
export const idempotencyKeys = notification.table(
  'idempotency_keys',
  {
    creator: text('creator').notNull().default(''),
    key: text('key').notNull(),
    notificationId: uuid('notification_id').notNull(),
    userId: text('user_id').notNull(),
    fromUser: text('from_user'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.creator, table.key] }),
    index('idempotency_keys_expiring').on(table.createdAt),
  ],
);

/** The newest known change of each edited or deleted message. A creation that tells an older state is refused. Kept as long as keys. */
export const messageChanges = notification.table(
  'message_changes',
  {
    messageId: uuid('message_id').primaryKey(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    isDeleted: boolean('is_deleted').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [index('message_changes_expiring').on(table.changedAt)],
);

/** Browsers that are subscribed to Web Push. Each belongs to the user who subscribed it last. */
export const pushSubscriptions = notification.table(
  'push_subscriptions',
  {
    endpoint: text('endpoint').primaryKey(),
    userId: text('user_id').notNull(),
    p256dh: text('p256dh').notNull(),
    auth: text('auth').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [index('push_subscriptions_user').on(table.userId, table.createdAt)],
);
