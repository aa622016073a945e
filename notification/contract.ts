/** The contract of notification: its operations, and the events that it publishes on the bus. */
import { endpoint } from '@parley/kit/contract/contract';
import { RoomId, UserId } from '@parley/kit/text/text';
import { t } from 'elysia';
import { errors } from './errors.ts';
import { Applied, Deletion, Edit, OfMessage } from './messages/rules.ts';
import { exampleNotification, NewNotification, Notification, NotificationId } from './notifications/rules.ts';
import { exampleSubscription, GoneSubscription, NewSubscription } from './push/rules.ts';

export { readHealth } from '@parley/kit/http/health';
export { type UserEvent, userChannelOf, userEvents } from './notifications/events.ts';
export { Notification };

/** How many notifications a page has unless the client gives a limit. */
export const DEFAULT_PAGE = 50;

const ofUser = t.Object({ user_id: UserId });
/** The router requires one name for all parameters at the same position of a path, so that `id` is a user's id here. */
const ofUserAsId = t.Object({
  id: t.String({ ...UserId, description: 'The id of the **user** whose notifications are marked as read' }),
});
const ofNotification = t.Object({ id: NotificationId });

const ofUserErrors = [
  errors.invalid_input,
  errors.unauthenticated,
  errors.forbidden,
  errors.storage_unavailable,
] as const;
const ofNotificationErrors = [
  errors.invalid_input,
  errors.unknown_notification,
  errors.unauthenticated,
  errors.storage_unavailable,
] as const;

export const createNotification = endpoint({
  method: 'POST',
  path: '/notifications',
  summary: 'Create a notification',
  description:
    "Acts as `from_user`, or without one as `user_id`. The user's open pages get it as a `notification` event, and a " +
    'mention is pushed to their subscribed browsers. With an `Idempotency-Key` that was used before: 200 and the same ' +
    'notification, nothing is created or announced again; 409 when that one has another user or sender.',
  tag: 'notifications',
  headers: t.Object({
    'idempotency-key': t.Optional(
      t.String({
        pattern: '^[\\x21-\\x7e][\\x20-\\x7e]{0,254}$',
        description:
          'Makes a retry safe: the same key of the same creator is the same notification, also after its deletion, for as long as keys are ' +
          'kept (30 days unless the operator says otherwise). 1 to 255 printable ASCII characters',
        examples: ['mention:019c1346-2200-7000-8000-5f1d3c2b1a00:alice'],
      }),
    ),
  }),
  body: NewNotification,
  answers: {
    201: Notification,
    200: { ...Notification, description: 'The notification that this key created before' },
  },
  errors: [
    ...ofUserErrors,
    errors.invalid_json,
    errors.idempotency_key_taken,
    errors.message_changed,
    errors.too_large,
  ],
});

export const listNotifications = endpoint({
  method: 'GET',
  path: '/notifications/:user_id',
  summary: "A user's notifications",
  description: 'Newest first, a page at a time.',
  tag: 'notifications',
  params: ofUser,
  query: t.Object({
    unread_only: t.Optional(
      t.String({
        pattern: '^(?:[Tt](?:rue|RUE)?|TRUE|[Ff](?:alse|ALSE)?|[Yy](?:es|ES)?|[Nn]o?|NO|[Oo](?:n|N|ff|FF)|0|1)$',
        default: 'false',
        description: '`true` leaves out what was read; `1`, `yes` and `on` are understood too',
        examples: ['true'],
      }),
    ),
    limit: t.Optional(
      t.Integer({ default: DEFAULT_PAGE, minimum: 1, maximum: 200, description: 'How many at most', examples: [20] }),
    ),
    before: t.Optional(
      t.String({
        format: 'uuid',
        description:
          'The id of the last notification of the page before: only older ones follow, whether or not it still exists',
        examples: ['019c1346-2200-7000-8000-5f1d3c2b1a00'],
      }),
    ),
  }),
  answers: { 200: t.Array(Notification, { description: 'The newest first', examples: [[exampleNotification]] }) },
  errors: ofUserErrors,
});

const UnreadCount = t.Object(
  {
    user_id: UserId,
    unread_count: t.Integer({
      minimum: 0,
      description: 'How many are unread: exact up to 10,000; more than that answer 10,000',
      examples: [3],
    }),
  },
  { description: 'The count', examples: [{ user_id: 'alice', unread_count: 3 }] },
);

export const countUnreadNotifications = endpoint({
  method: 'GET',
  path: '/notifications/:user_id/unread-count',
  summary: 'How many are unread',
  description: 'Reads only unread notifications, so that it stays fast however many are stored.',
  tag: 'notifications',
  params: ofUser,
  answers: { 200: UnreadCount },
  errors: ofUserErrors,
});

const Ok = t.Literal('ok', { description: 'Always ok', examples: ['ok'] });
const AllRead = t.Object(
  { status: Ok, user_id: UserId },
  { description: 'All are read', examples: [{ status: 'ok', user_id: 'alice' }] },
);

export const markNotificationRead = endpoint({
  method: 'PATCH',
  path: '/notifications/:id/read',
  summary: 'Mark one as read',
  description: 'Repeating the request changes nothing.',
  tag: 'notifications',
  params: ofNotification,
  answers: {
    200: t.Object(
      { status: Ok, id: NotificationId },
      { description: 'It is read', examples: [{ status: 'ok', id: '019c1346-2200-7000-8000-5f1d3c2b1a00' }] },
    ),
  },
  errors: ofNotificationErrors,
});

export const markAllNotificationsRead = endpoint({
  method: 'PATCH',
  path: '/notifications/:id/read-all',
  summary: "Mark all of a user's as read",
  description: 'Those that exist when the request arrives. The `id` in this address is a user id.',
  tag: 'notifications',
  params: ofUserAsId,
  answers: { 200: AllRead },
  errors: ofUserErrors,
});

export const markRoomNotificationsRead = endpoint({
  method: 'PATCH',
  path: '/notifications/:id/read-room',
  summary: "Mark a user's notifications of a room as read, up to a message",
  description: 'Marks those about messages of the room up to this position. The `id` in this address is a user id.',
  tag: 'notifications',
  params: ofUserAsId,
  query: t.Object({
    room_id: RoomId,
    up_to: t.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The `position` of the last message of the room that the user has read',
      examples: [5046],
    }),
  }),
  answers: { 200: AllRead },
  errors: ofUserErrors,
});

export const deleteNotification = endpoint({
  method: 'DELETE',
  path: '/notifications/:id',
  summary: 'Delete a notification',
  description: 'It is gone from the database.',
  tag: 'notifications',
  params: ofNotification,
  answers: {
    200: t.Object(
      { status: t.Literal('deleted', { description: 'Always deleted', examples: ['deleted'] }) },
      { description: 'It is gone', examples: [{ status: 'deleted' }] },
    ),
  },
  errors: ofNotificationErrors,
});

const ofMessageErrors = [
  errors.invalid_json,
  errors.invalid_input,
  errors.unauthenticated,
  errors.forbidden,
  errors.storage_unavailable,
] as const;

export const applyMessageEdit = endpoint({
  method: 'PUT',
  path: '/notifications/messages/:message_id',
  summary: 'A message was edited',
  description:
    'Its mentions get the new text; mentions of people whom it no longer names are deleted. With `AUTH_SECRET` for services only.',
  tag: 'messages',
  params: OfMessage,
  body: Edit,
  answers: { 200: Applied },
  errors: ofMessageErrors,
});

export const applyMessageDeletion = endpoint({
  method: 'DELETE',
  path: '/notifications/messages/:message_id',
  summary: 'A message was deleted',
  description:
    'Its notifications are deleted, and later creations for it are refused as `message_changed`. With `AUTH_SECRET` for ' +
    'services only.',
  tag: 'messages',
  params: OfMessage,
  query: Deletion,
  answers: { 200: Applied },
  errors: ofMessageErrors,
});

const subscriptionErrors = [
  errors.invalid_json,
  errors.invalid_input,
  errors.too_large,
  errors.unauthenticated,
  errors.forbidden,
  errors.push_disabled,
  errors.storage_unavailable,
] as const;

export const getPushKey = endpoint({
  method: 'GET',
  path: '/push/key',
  summary: 'The key to subscribe with',
  description: 'For `pushManager.subscribe({userVisibleOnly: true, applicationServerKey})`.',
  tag: 'push',
  // The gateway serves these at /api/notifications/push/*, next to openapi.json.
  serverUrl: '.',
  answers: {
    200: t.Object(
      {
        public_key: t.String({
          description: "The browser's `applicationServerKey`, base64url",
          examples: [exampleSubscription.keys.p256dh],
        }),
      },
      { description: 'The key', examples: [{ public_key: exampleSubscription.keys.p256dh }] },
    ),
  },
  errors: [errors.push_disabled],
});

export const subscribeToPush = endpoint({
  method: 'POST',
  path: '/push/subscriptions',
  summary: 'Subscribe a browser',
  description:
    "The user's mentions are pushed to it from now on, as JSON `{id, title, body, notif_type, room_id, from_user, " +
    'message_id, position}`, title and ' +
    'body shortened. A browser belongs to the user who subscribed it last; a user has at most 10, the newest.',
  tag: 'push',
  serverUrl: '.',
  body: NewSubscription,
  answers: {
    201: t.Object(
      { status: t.Literal('subscribed', { description: 'Always subscribed', examples: ['subscribed'] }) },
      { description: 'The browser is subscribed', examples: [{ status: 'subscribed' }] },
    ),
  },
  errors: subscriptionErrors,
});

export const unsubscribeFromPush = endpoint({
  method: 'DELETE',
  path: '/push/subscriptions',
  summary: 'Unsubscribe a browser',
  description: 'Also succeeds when the browser was not subscribed.',
  tag: 'push',
  serverUrl: '.',
  body: GoneSubscription,
  answers: {
    200: t.Object(
      { status: t.Literal('unsubscribed', { description: 'Always unsubscribed', examples: ['unsubscribed'] }) },
      { description: 'The browser is not subscribed', examples: [{ status: 'unsubscribed' }] },
    ),
  },
  errors: subscriptionErrors,
});
