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
  /** Where its `@` is in `content`, in UTF-16 code units */
  at: number;
  /** Sign and name, in UTF-16 code units */
  length: number;
}

/** A person, and how to mention them */
export interface Mentionable {
  /** A user id: 1 to 100 characters of any script, no control characters */
  user_id: string;
  /** A name to show: 1 to 100 characters of any script, no control characters */
  username: string;
  /** What mentions the person behind an `@`: the name, or the id where others go by the name */
  mention: string;
}

/** The message as it reads now */
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
  file_url: string | null;
  /** Whom the content mentions, in its order: decided when it was written or edited. People of one name share a place */
  mentions: Mention[];
  /** ISO 8601, UTC */
  created_at: string;
  /** Reading order within the room: the `seq` it was born with */
  position: number;
  /** Its last change, in the room’s sequence */
  seq: number;
  edited_at: string | null;
  deleted_at: string | null;
}

/** A room */
export interface Room {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  id: string;
  /** The name that people see */
  name: string;
  description: string | null;
  /** The number of the room’s last change */
  last_seq: number;
}

export interface Unread {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** Others’ messages after the read position, at most 100; in a room that was never read, since the user’s first reading of any */
  unread: number;
  /** How far the user has read; 0: never */
  read_position: number;
  /** The room’s last change that this takes into account */
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
/**
 * Make a person known to a room. For a reader without a socket, so that others can mention them. A socket does the same when it
 * joins.
 */
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
/** Delete one’s own message. Its content leaves the database, its place stays. */
export const deleteMessage = /* @__PURE__ */ endpoint<
  DeleteMessageArgs,
  {
    /** Always so */
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
/** Edit one’s own message. The room is told by `message_edited`. */
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
/** One message. As it reads now. */
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
  /** How the name or id begins, in any case */
  q?: string | undefined;
  /** The most people to answer with */
  limit?: number | undefined;
}
/** People known to a room. Who joined it, looked at its page or wrote in it, for completing names. */
export const listKnownPeople = /* @__PURE__ */ endpoint<ListKnownPeopleArgs, KnownPerson[]>({
  service: 'chat',
  method: 'GET',
  path: '/rooms/:room_id/members',
});

export interface ListMentionableArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** How the name or id begins, whatever case and accents */
  q?: string | undefined;
  /** The most people to answer with */
  limit?: number | undefined;
}
/** Whom one may mention in a room. For completing names: what `mention` says mentions this person, alone wherever that can be. */
export const listMentionable = /* @__PURE__ */ endpoint<ListMentionableArgs, Mentionable[]>({
  service: 'chat',
  method: 'GET',
  path: '/rooms/:room_id/mentionable',
});

export interface ListMessagesArgs {
  /** A room id: 1 to 50 letters, digits, dots, underscores or hyphens */
  room_id: string;
  /** The most messages to answer with; 50 unless said */
  limit?: number | undefined;
  /** Only messages before this position: the page of older ones */
  before?: number | undefined;
  /** Only messages after this position: the page of newer ones */
  after?: number | undefined;
}
/** Message history. The newest messages, oldest first; or a page next to a position. */
export const listMessages = /* @__PURE__ */ endpoint<ListMessagesArgs, Message[]>({
  service: 'chat',
  method: 'GET',
  path: '/rooms/:room_id/messages',
});

export interface ListRoomsArgs {
  /** The most rooms to answer with */
  limit?: number | undefined;
  /** The last room id of the page before */
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
/** What a user has not read. In rooms read before, and in those with messages since any room was first read; nothing before that. */
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
    /** Always so */
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
  file_url?: string | null | undefined;
  client_id?: string | null | undefined;
}
/**
 * Send a message. For clients without a socket. Everyone in the room sees it as one sent by socket. 200: this `client_id` was stored
 * before, here it is.
 */
export const sendMessage = /* @__PURE__ */ endpoint<SendMessageArgs, Message>({
  service: 'chat',
  method: 'POST',
  path: '/rooms/:room_id/messages',
});
