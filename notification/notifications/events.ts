/** The events that are published on a user's bus channel. Chat sends each to the user's sockets, as it is. */
import { t } from 'elysia';
import { Notification } from './rules.ts';

/** The bus channel of a user's events. */
export const userChannelOf = (userId: string): string => `user:${userId}`;

const { id, message_id } = Notification.properties;

/** By their `type`. */
export const userEvents = {
  notification: t.Object(
    { type: t.Literal('notification'), ...Notification.properties },
    { description: 'To a user’s own sockets: a new notification' },
  ),
  notification_changed: t.Object(
    { type: t.Literal('notification_changed'), ...Notification.properties },
    { description: 'To a user’s own sockets: its message was edited, so the notification has another text' },
  ),
  notification_removed: t.Object(
    { type: t.Literal('notification_removed'), id, message_id },
    {
      description: 'To a user’s own sockets: its message was deleted or mentions the user no longer, and so it is gone',
    },
  ),
  notification_count: t.Object(
    { type: t.Literal('notification_count'), unread_count: t.Integer() },
    { description: 'To a user’s own sockets: how many notifications are unread' },
  ),
};
export type UserEvent = {
  [Type in keyof typeof userEvents]: (typeof userEvents)[Type]['static'];
}[keyof typeof userEvents];
