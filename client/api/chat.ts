// Made by `bun run docs` from the contracts of the services. Change those instead.

import { endpoint } from '../endpoint.ts';

/** A person known to a room */
export interface KnownPerson {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username: string;
}

/** A person whom a text mentions */
export interface Mention {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** The offset of its `@` in `content`, in UTF-16 code units */
  at: number;
  /** The length of `@` and name, in UTF-16 code units */
  length: number;
}

/** A person, and the text that mentions them */
export interface Mentionable {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username: string;
  /** Write this behind an `@` to mention the person: the name, or the id if others have the same name */
  mention: string;
}

/** A message in its current state */
export interface Message {
  /** A message’s id */
  id: string;
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username: string;
  /** Empty once deleted */
  content: string;
  /** `file` goes with a `file_url`; `system` is for programs */
  message_type: 'text' | 'file' | 'system';
  /** The file of a `file` message, at most 2,000 characters */
  file_url: string | null;
  /**
   * The people whom the content mentions, in its order. Decided when it was written or edited. People with the same name have the same
   * `at`
   */
  mentions: Mention[];
  /** ISO 8601, UTC */
  created_at: string;
  /** Reading order within the room: the `seq` that it was stored with */
  position: number;
  /** The number of its last change in the room */
  seq: number;
  /** ISO 8601, UTC */
  edited_at: string | null;
  /** ISO 8601, UTC */
  deleted_at: string | null;
}

/** A room */
export interface Room {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  id: string;
  /** The name that people see */
  name: string;
  /** What the room is for */
  description: string | null;
  /** The number of the room’s last change */
  last_seq: number;
}

export interface Unread {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** Messages of others after the read position, at most 100; in a room that was never read, since the user first read any room */
  unread: number;
  /** The position up to which the user has read; 0: never */
  read_position: number;
  /** The last change in the room that is counted here */
  last_seq: number;
}

export interface AddKnownPersonArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username: string;
}
/** Make a person known to a room. For a reader without a socket, so that others can mention them. A socket that joins does the same. */
export const addKnownPerson = /* @__PURE__ */ endpoint<AddKnownPersonArgs, KnownPerson>({
  service: 'chat',
  method: 'PUT',
  path: '/rooms/:room_id/members/:user_id',
});

export interface CreateRoomArgs {
  /**
   * The new room’s id: 1 to 50 letters, digits, dots, underscores or hyphens, at least one a letter or digit. Ids differ by more than
   * case
   */
  id: string;
  /** The name that people see: up to 100 characters, not all of them invisible */
  name: string;
  /** What the room is for */
  description?: string | null | undefined;
}
/** Create a room. The id is its address and never changes. */
export const createRoom = /* @__PURE__ */ endpoint<CreateRoomArgs, Room>({
  service: 'chat',
  method: 'POST',
  path: '/rooms',
});

export interface DeleteMessageArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** A message’s id */
  message_id: string;
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
}
/** Delete one’s own message. Its content is removed from the database; its position stays taken. */
export const deleteMessage = /* @__PURE__ */ endpoint<
  DeleteMessageArgs,
  {
    /** Always this value */
    status: 'deleted';
    /** A message’s id */
    id: string;
  }
>({ service: 'chat', method: 'DELETE', path: '/rooms/:room_id/messages/:message_id' });

export interface EditMessageArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** A message’s id */
  message_id: string;
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** Trimmed; 1 to 8,000 characters */
  content: string;
}
/** Edit one’s own message. The room gets a `message_edited` event. */
export const editMessage = /* @__PURE__ */ endpoint<EditMessageArgs, Message>({
  service: 'chat',
  method: 'PATCH',
  path: '/rooms/:room_id/messages/:message_id',
});

export interface GetMessageArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** A message’s id */
  message_id: string;
}
/** One message. In its current state. */
export const getMessage = /* @__PURE__ */ endpoint<GetMessageArgs, Message>({
  service: 'chat',
  method: 'GET',
  path: '/rooms/:room_id/messages/:message_id',
});

export interface GetRoomArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
}
/** One room. With `last_seq`, the cursor to resume from. */
export const getRoom = /* @__PURE__ */ endpoint<GetRoomArgs, Room>({
  service: 'chat',
  method: 'GET',
  path: '/rooms/:room_id',
});

export interface ListKnownPeopleArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** The beginning of the name or id, in any case */
  q?: string | undefined;
  /** The most people to return */
  limit?: number | undefined;
}
/** People known to a room. People who joined it, opened its page or wrote in it, for completing names. */
export const listKnownPeople = /* @__PURE__ */ endpoint<ListKnownPeopleArgs, KnownPerson[]>({
  service: 'chat',
  method: 'GET',
  path: '/rooms/:room_id/members',
});

export interface ListMentionableArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** The beginning of the name or id, in any case, with or without accents */
  q?: string | undefined;
  /** The most people to return */
  limit?: number | undefined;
}
/** People to mention in a room. For completing names: an `@` and `mention` mention this person; nobody else, if that is possible. */
export const listMentionable = /* @__PURE__ */ endpoint<ListMentionableArgs, Mentionable[]>({
  service: 'chat',
  method: 'GET',
  path: '/rooms/:room_id/mentionable',
});

export interface ListMessagesArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** The most messages to return; 50 by default */
  limit?: number | undefined;
  /** Only messages before this position */
  before?: number | undefined;
  /** Only messages after this position */
  after?: number | undefined;
}
/** Message history. The newest messages, oldest first; or a page next to a position. */
export const listMessages = /* @__PURE__ */ endpoint<ListMessagesArgs, Message[]>({
  service: 'chat',
  method: 'GET',
  path: '/rooms/:room_id/messages',
});

export interface ListRoomsArgs {
  /** The most rooms to return */
  limit?: number | undefined;
  /** The id of the last room on the previous page */
  after?: string | undefined;
}
/** List rooms. In the order of their creation; the first 1,000 unless a page is asked for. */
export const listRooms = /* @__PURE__ */ endpoint<ListRoomsArgs, Room[]>({
  service: 'chat',
  method: 'GET',
  path: '/rooms',
});

export interface ListUnreadArgs {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
}
/**
 * What a user has not read. Unread messages per room: since the read position; in rooms never read, since the user first read any
 * room.
 */
export const listUnread = /* @__PURE__ */ endpoint<ListUnreadArgs, Unread[]>({
  service: 'chat',
  method: 'GET',
  path: '/unread',
});

export interface MarkRoomReadArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** The position of the last message that was read */
  position: number;
}
/**
 * Mark a room as read. Up to a position; it only ever moves forward. The user’s mentions up to there become read in the notification
 * service.
 */
export const markRoomRead = /* @__PURE__ */ endpoint<
  MarkRoomReadArgs,
  {
    /** Always this value */
    status: 'ok';
    /** The position of the last message that was read */
    read_position: number;
  }
>({ service: 'chat', method: 'PUT', path: '/rooms/:room_id/read' });

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
>({ service: 'chat', method: 'GET', path: '/health' });

export interface SendMessageArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username?: string | undefined;
  /** Trimmed; 1 to 8,000 characters */
  content: string;
  /** `file` goes with a `file_url`; `system` is for programs */
  message_type?: 'text' | 'file' | 'system' | undefined;
  /** The file of a `file` message, at most 2,000 characters */
  file_url?: string | null | undefined;
  /** A UUID that the client chose for the message: a retry with the same one stores no second message */
  client_id?: string | null | undefined;
}
/**
 * Send a message. For clients without a socket; the room gets the same events. 200: a message with this `client_id` was stored
 * before, and is returned.
 */
export const sendMessage = /* @__PURE__ */ endpoint<SendMessageArgs, Message>({
  service: 'chat',
  method: 'POST',
  path: '/rooms/:room_id/messages',
});
