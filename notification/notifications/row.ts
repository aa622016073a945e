/** Converts notifications to rows of the table and back. */
import type { notifications } from '../db/schema.ts';
import type { Notification } from './rules.ts';

export const toRow = (notification: Notification) => ({
  id: notification.id,
  userId: notification.user_id,
  title: notification.title,
  body: notification.body,
  notifType: notification.notif_type,
  roomId: notification.room_id,
  fromUser: notification.from_user,
  messageId: notification.message_id,
  position: notification.position,
  read: notification.read,
  createdAt: new Date(notification.created_at),
});

export const fromRow = (row: typeof notifications.$inferSelect): Notification => ({
  id: row.id,
  user_id: row.userId,
  title: row.title,
  body: row.body,
  notif_type: row.notifType,
  room_id: row.roomId,
  from_user: row.fromUser,
  message_id: row.messageId,
  position: row.position,
  read: row.read,
  created_at: row.createdAt.toISOString(),
});
