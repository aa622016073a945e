// Made by `bun run docs` from the contracts of the services. Change those instead.

import type { Mention } from './chat.ts';
import type { Notification } from './notification.ts';

/** The code of a refusal */
export type ErrorCode =
  | 'invalid_input'
  | 'invalid_json'
  | 'not_found'
  | 'method_not_allowed'
  | 'too_slow'
  | 'too_large'
  | 'wrong_media_type'
  | 'rate_limited'
  | 'unauthenticated'
  | 'forbidden'
  | 'foreign_origin'
  | 'foreign_host'
  | 'storage_unavailable'
  | 'overloaded'
  | 'service_away'
  | 'internal'
  | 'not_an_object'
  | 'unknown_type'
  | 'content_too_long'
  | 'unknown_room'
  | 'unknown_message'
  | 'room_exists'
  | 'client_id_taken';

/** From a client to the server, by `type`. */
export interface ClientFrames {
  /** Sends a message. A frame without `type` is one of these */
  message: {
    type: 'message';
    /** Trimmed; at most 8,000 characters; an empty one is ignored */
    content: string;
    /** `file` goes with a `file_url`; `system` is for programs */
    message_type?: 'text' | 'file' | 'system';
    /** The file of a `file` message, at most 2,000 characters */
    file_url?: string | null;
    /** A UUID that the client chose for the message: a retry with the same one stores no second message */
    client_id?: string | null;
  };
  /** Replaces the content of one’s own message */
  edit: {
    type: 'edit';
    /** A message’s id */
    id: string;
    /** Trimmed; at most 8,000 characters; an empty one is ignored */
    content: string;
  };
  /** Deletes one’s own message */
  delete: {
    type: 'delete';
    /** A message’s id */
    id: string;
  };
  /** Shows the room that the user is typing */
  typing: { type: 'typing' };
  /** Shows the room that the user has stopped typing */
  stop_typing: { type: 'stop_typing' };
  /** Asks for a `pong`, to check that the connection works */
  ping: { type: 'ping' };
}

export type ClientFrame = ClientFrames[keyof ClientFrames];

/** From the server to a client, by `type`. */
export interface ServerFrames {
  /** A new message */
  message: {
    type: 'message';
    /** A message’s id */
    id: string;
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** A name to show: 1 to 100 characters of any script, no control characters */
    username: string;
    content: string;
    /** `file` goes with a `file_url`; `system` is for programs */
    message_type: 'text' | 'file' | 'system';
    /** The file of a `file` message, at most 2,000 characters */
    file_url: string | null;
    mentions: Mention[];
    /** ISO 8601, UTC */
    timestamp: string;
    /** Reading order: the `seq` that the message was stored with */
    position: number;
    /** The change’s number in its room: 1, 2, 3, ... Resume with `?since=` the last one seen */
    seq: number;
    /** ISO 8601, UTC */
    edited_at: string | null;
  };
  /** A message was edited; its current state */
  message_edited: {
    type: 'message_edited';
    /** A message’s id */
    id: string;
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** A name to show: 1 to 100 characters of any script, no control characters */
    username: string;
    content: string;
    /** `file` goes with a `file_url`; `system` is for programs */
    message_type: 'text' | 'file' | 'system';
    /** The file of a `file` message, at most 2,000 characters */
    file_url: string | null;
    mentions: Mention[];
    /** ISO 8601, UTC */
    timestamp: string;
    /** Reading order: the `seq` that the message was stored with */
    position: number;
    /** The change’s number in its room: 1, 2, 3, ... Resume with `?since=` the last one seen */
    seq: number;
    /** ISO 8601, UTC */
    edited_at: string | null;
  };
  /** A message was deleted; its `position` stays taken */
  message_deleted: {
    type: 'message_deleted';
    /** A message’s id */
    id: string;
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** ISO 8601, UTC */
    timestamp: string;
    /** ISO 8601, UTC */
    deleted_at: string;
    /** Reading order: the `seq` that the message was stored with */
    position: number;
    /** The change’s number in its room: 1, 2, 3, ... Resume with `?since=` the last one seen */
    seq: number;
  };
  /** Someone is typing */
  typing: {
    type: 'typing';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** A name to show: 1 to 100 characters of any script, no control characters */
    username: string;
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
  };
  /** Someone has stopped typing */
  stop_typing: {
    type: 'stop_typing';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** A name to show: 1 to 100 characters of any script, no control characters */
    username: string;
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
  };
  /** Someone’s first socket in the room opened */
  user_joined: {
    type: 'user_joined';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** A name to show: 1 to 100 characters of any script, no control characters */
    username: string;
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** ISO 8601, UTC */
    timestamp: string;
  };
  /** Someone’s last socket in the room closed */
  user_left: {
    type: 'user_left';
    /** A user id: 1 to 100 characters of any script, no control characters */
    user_id: string;
    /** A name to show: 1 to 100 characters of any script, no control characters */
    username: string;
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** ISO 8601, UTC */
    timestamp: string;
  };
  /** Only to the sender, of a message with `client_id`: the message is stored */
  ack: {
    type: 'ack';
    /** A UUID that the client chose for the message: a retry with the same one stores no second message */
    client_id: string;
    /** A message’s id */
    id: string;
    /** The change’s number in its room: 1, 2, 3, ... Resume with `?since=` the last one seen */
    seq: number;
    /** ISO 8601, UTC */
    timestamp: string;
  };
  /** A frame was refused; the socket stays open */
  error: {
    type: 'error';
    code: ErrorCode;
    /** What happened, why, and what to do */
    detail: string;
    /** The `client_id` of the frame that was refused */
    client_id?: string;
    /** The `id` of the frame that was refused */
    id?: string;
    /** Wait this long before the next frame */
    retry_after_ms?: number;
  };
  /** To a client that gave `since`: everything up to `seq` has been sent; events from here on are live */
  ready: {
    type: 'ready';
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** The change’s number in its room: 1, 2, 3, ... Resume with `?since=` the last one seen */
    seq: number;
  };
  /** Too far behind to catch up: load the history again; events from here on are live, after `seq` */
  resync: {
    type: 'resync';
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** The change’s number in its room: 1, 2, 3, ... Resume with `?since=` the last one seen */
    seq: number;
  };
  /** To a user’s own sockets: a new notification */
  notification: Notification & { type: 'notification' };
  /** To a user’s own sockets: a notification has a new text, because its message was edited */
  notification_changed: Notification & { type: 'notification_changed' };
  /** To a user’s own sockets: a notification is gone, because its message was deleted or no longer mentions the user */
  notification_removed: {
    type: 'notification_removed';
    /** The id of a notification, a UUID of version 7: ids sort by time of creation */
    id: string;
    /** The message it is about; null when it is about none */
    message_id: string | null;
  };
  /** To a user’s own sockets: how many notifications are unread */
  notification_count: { type: 'notification_count'; unread_count: number };
  /** To sockets that asked for `activity`: new messages in any room, counted per room and author, and deleted ones */
  room_activity: {
    type: 'room_activity';
    rooms: {
      /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
      room_id: string;
      /** A user id: 1 to 100 characters of any script, no control characters */
      user_id: string;
      /** How many messages the user wrote there */
      messages: number;
      /** Reading order: the `seq` that the message was stored with */
      first_position: number;
      /** Reading order: the `seq` that the message was stored with */
      last_position: number;
    }[];
    /** Messages that were deleted; `user_id` is the author */
    deleted: {
      /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
      room_id: string;
      /** A user id: 1 to 100 characters of any script, no control characters */
      user_id: string;
      /** Reading order: the `seq` that the message was stored with */
      position: number;
      /** The change’s number in its room: 1, 2, 3, ... Resume with `?since=` the last one seen */
      seq: number;
    }[];
  };
  /** To sockets that asked for `activity`: a room was created */
  room_created: {
    type: 'room_created';
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** The name that people see */
    name: string;
    /** What the room is for */
    description: string | null;
  };
  /** To a user’s own sockets that asked for `activity`: the user has read a room up to `read_position` */
  room_read: {
    type: 'room_read';
    /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
    room_id: string;
    /** Reading order: the `seq` that the message was stored with */
    read_position: number;
  };
  /** Only to the sender of a `ping` */
  pong: { type: 'pong' };
}

export type ServerFrame = ServerFrames[keyof ServerFrames];
