// Made by `bun run docs` from the contracts of the services. Change those instead.

import { endpoint } from '../endpoint.ts';

/** The notification */
export interface Notification {
  /** The id of a notification, a UUID of version 7: ids sort by time of creation */
  id: string;
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** The headline: 1 to 500 characters */
  title: string;
  /** The text: up to 20,000 characters, may be empty */
  body: string;
  /** `mention` is also pushed to subscribed browsers */
  notif_type: 'message' | 'mention' | 'system';
  /** The room it is about */
  room_id: string | null;
  /** Whose doing it is; null for the system */
  from_user: string | null;
  /** The message it is about; null when it is about none */
  message_id: string | null;
  /** That message's `position` in its room; null when it is about none */
  position: number | null;
  /** Whether its user has read it */
  read: boolean;
  /** ISO 8601, UTC */
  created_at: string;
}

export interface ApplyMessageDeletionArgs {
  /** The id of a message in chat */
  message_id: string;
  /** The `seq` of this change of the message. When a newer change is known, nothing happens */
  seq: number;
}
/**
 * A message was deleted. Its notifications are deleted, and later creations for it are refused as `message_changed`. With
 * `AUTH_SECRET` for services only.
 */
export const applyMessageDeletion = /* @__PURE__ */ endpoint<
  ApplyMessageDeletionArgs,
  {
    /** Always ok */
    status: 'ok';
  }
>({ service: 'notification', method: 'DELETE', path: '/notifications/messages/:message_id' });

export interface ApplyMessageEditArgs {
  /** The id of a message in chat */
  message_id: string;
  /** The `seq` of this change of the message. When a newer change is known, nothing happens */
  seq: number;
  /** The users whom the message still mentions */
  user_ids: string[];
  /** The text: up to 20,000 characters, may be empty */
  body: string;
}
/**
 * A message was edited. Its mentions get the new text; mentions of people whom it no longer names are deleted. With `AUTH_SECRET`
 * for services only.
 */
export const applyMessageEdit = /* @__PURE__ */ endpoint<
  ApplyMessageEditArgs,
  {
    /** Always ok */
    status: 'ok';
  }
>({ service: 'notification', method: 'PUT', path: '/notifications/messages/:message_id' });

export interface CountUnreadNotificationsArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
}
/** How many are unread. Reads only unread notifications, so that it stays fast however many are stored. */
export const countUnreadNotifications = /* @__PURE__ */ endpoint<
  CountUnreadNotificationsArgs,
  {
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** How many are unread: exact up to 10,000; more than that answer 10,000 */
    unread_count: number;
  }
>({ service: 'notification', method: 'GET', path: '/notifications/:user_id/unread-count' });

export interface CreateNotificationArgs {
  /**
   * Makes a retry safe: the same key of the same creator is the same notification, also after its deletion, for as long as keys are
   * kept (30 days unless the operator says otherwise). 1 to 255 printable ASCII characters
   */
  'idempotency-key'?: string | undefined;
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** The headline: 1 to 500 characters */
  title: string;
  /** The text: up to 20,000 characters, may be empty */
  body: string;
  /** `mention` is also pushed to subscribed browsers */
  notif_type?: 'message' | 'mention' | 'system' | undefined;
  /** The room it is about */
  room_id?: string | null | undefined;
  /** Whose doing it is; null for the system */
  from_user?: string | null | undefined;
  /** The message it is about; null when it is about none */
  message_id?: string | null | undefined;
  /** That message's `position` in its room; null when it is about none */
  position?: number | null | undefined;
  /** The `seq` of the message as this tells it: refused when a newer change of the message is known */
  message_seq?: number | undefined;
}
/**
 * Create a notification. Acts as `from_user`, or without one as `user_id`. The user's open pages get it as a `notification` event,
 * and a mention is pushed to their subscribed browsers. With an `Idempotency-Key` that was used before: 200 and the same
 * notification, nothing is created or announced again; 409 when that one has another user or sender.
 */
export const createNotification = /* @__PURE__ */ endpoint<CreateNotificationArgs, Notification>({
  service: 'notification',
  method: 'POST',
  path: '/notifications',
  headers: ['idempotency-key'],
});

export interface DeleteNotificationArgs {
  /** The id of a notification, a UUID of version 7: ids sort by time of creation */
  id: string;
}
/** Delete a notification. It is gone from the database. */
export const deleteNotification = /* @__PURE__ */ endpoint<
  DeleteNotificationArgs,
  {
    /** Always deleted */
    status: 'deleted';
  }
>({ service: 'notification', method: 'DELETE', path: '/notifications/:id' });

/** The key to subscribe with. For `pushManager.subscribe({userVisibleOnly: true, applicationServerKey})`. */
export const getPushKey = /* @__PURE__ */ endpoint<
  Record<string, never>,
  {
    /** The browser's `applicationServerKey`, base64url */
    public_key: string;
  }
>({ service: 'notification', method: 'GET', path: '/push/key' });

export interface ListNotificationsArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** `true` leaves out what was read; `1`, `yes` and `on` are understood too */
  unread_only?: string | undefined;
  /** How many at most */
  limit?: number | undefined;
  /** The id of the last notification of the page before: only older ones follow, whether or not it still exists */
  before?: string | undefined;
}
/** A user's notifications. Newest first, a page at a time. */
export const listNotifications = /* @__PURE__ */ endpoint<ListNotificationsArgs, Notification[]>({
  service: 'notification',
  method: 'GET',
  path: '/notifications/:user_id',
});

export interface MarkAllNotificationsReadArgs {
  /** The id of the **user** whose notifications are marked as read */
  id: string;
}
/** Mark all of a user's as read. Those that exist when the request arrives. The `id` in this address is a user id. */
export const markAllNotificationsRead = /* @__PURE__ */ endpoint<
  MarkAllNotificationsReadArgs,
  {
    /** Always ok */
    status: 'ok';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
  }
>({ service: 'notification', method: 'PATCH', path: '/notifications/:id/read-all' });

export interface MarkNotificationReadArgs {
  /** The id of a notification, a UUID of version 7: ids sort by time of creation */
  id: string;
}
/** Mark one as read. Repeating the request changes nothing. */
export const markNotificationRead = /* @__PURE__ */ endpoint<
  MarkNotificationReadArgs,
  {
    /** Always ok */
    status: 'ok';
    /** The id of a notification, a UUID of version 7: ids sort by time of creation */
    id: string;
  }
>({ service: 'notification', method: 'PATCH', path: '/notifications/:id/read' });

export interface MarkRoomNotificationsReadArgs {
  /** The id of the **user** whose notifications are marked as read */
  id: string;
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** The `position` of the last message of the room that the user has read */
  up_to: number;
}
/**
 * Mark a user's notifications of a room as read, up to a message. Marks those about messages of the room up to this position. The
 * `id` in this address is a user id.
 */
export const markRoomNotificationsRead = /* @__PURE__ */ endpoint<
  MarkRoomNotificationsReadArgs,
  {
    /** Always ok */
    status: 'ok';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
  }
>({ service: 'notification', method: 'PATCH', path: '/notifications/:id/read-room', query: ['room_id', 'up_to'] });

/** Health. Answers 200 while the process lives; each backing service is a further field. */
export const readHealth = /* @__PURE__ */ endpoint<
  Record<string, never>,
  {
    /** Always healthy: the process answers */
    status: 'healthy';
    /** Which service this is */
    service: string;
    [name: string]: string;
  }
>({ service: 'notification', method: 'GET', path: '/health' });

export interface SubscribeToPushArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** The push service's URL for this browser: https, at a public address */
  endpoint: string;
  /** What the payload is encrypted for (RFC 8291) */
  keys: {
    /** The browser's public key: an uncompressed P-256 point in base64url */
    p256dh: string;
    /** The browser's authentication secret: 16 bytes in base64url */
    auth: string;
  };
}
/**
 * Subscribe a browser. The user's mentions are pushed to it from now on, as JSON `{id, title, body, notif_type, room_id, from_user,
 * message_id, position}`, title and body shortened. A browser belongs to the user who subscribed it last; a user has at most 10, the
 * newest.
 */
export const subscribeToPush = /* @__PURE__ */ endpoint<
  SubscribeToPushArgs,
  {
    /** Always subscribed */
    status: 'subscribed';
  }
>({ service: 'notification', method: 'POST', path: '/push/subscriptions' });

export interface UnsubscribeFromPushArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** The push service's URL for this browser: https, at a public address */
  endpoint: string;
}
/** Unsubscribe a browser. Also succeeds when the browser was not subscribed. */
export const unsubscribeFromPush = /* @__PURE__ */ endpoint<
  UnsubscribeFromPushArgs,
  {
    /** Always unsubscribed */
    status: 'unsubscribed';
  }
>({ service: 'notification', method: 'DELETE', path: '/push/subscriptions', query: [] });
