/** The events that notification publishes on a user's bus channel. Chat sends each of them to the user's sockets, unchanged. */
import { t } from 'elysia';
import { Notification } from './rules.ts';

/** The bus channel of a user's events. */
export const userChannelOf = (userId: string): string => `user:${userId}`;

const { id, message_id } = Notification.properties;

/** The schema of each event, by its `type`. */
export const userEvents = {
  notification: t.Object(
    { type: t.Literal('notification'), ...Notification.properties },
    { description: 'To a user’s own sockets: a new notification' },
  ),
  notification_changed: t.Object(
    { type: t.Literal('notification_changed'), ...Notification.properties },
    { description: 'To a user’s own sockets: a notification has a new text, because its message was edited' },
  ),
  notification_removed: t.Object(
    { type: t.Literal('notification_removed'), id, message_id },
    {
      description:
        'To a user’s own sockets: a notification is gone, because its message was deleted or no longer mentions the user',
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
