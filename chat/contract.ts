/** chat's HTTP API. The frames of its socket are in `frames.ts`. */
import { endpoint } from '@parley/kit/contract/contract';
import { RoomId, storableText, UserId, UserName } from '@parley/kit/text/text';
import { t } from 'elysia';
import { errors } from './errors.ts';
import { Mention } from './mentions/rules.ts';
import { ClientId, FileUrl, MAX_PAGE, Message, MessageId, MessageType } from './messages/rules.ts';
import { KnownPerson, MAX_ROOMS, Mentionable, NewRoom, Room, Unread } from './rooms/rules.ts';

export { readHealth } from '@parley/kit/http/health';
export { KnownPerson, Mention, Mentionable, Message, Room, Unread };

const reading = [errors.invalid_input, errors.unauthenticated, errors.storage_unavailable] as const;
const writing = [
  errors.invalid_json,
  errors.invalid_input,
  errors.unauthenticated,
  errors.forbidden,
  errors.storage_unavailable,
  errors.overloaded,
] as const;

const inRoom = t.Object({ room_id: RoomId });
const oneMessage = t.Object({ room_id: RoomId, message_id: MessageId });
const ofUser = t.Object({ user_id: UserId });

const atMost = (maximum: number, description: string, example: number) =>
  t.Optional(t.Integer({ minimum: 1, maximum, description, examples: [example] }));
const beginning = (description: string) => t.Optional(storableText(100, { description, examples: ['al'] }));
const cursor = (description: string) =>
  t.Optional(t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [42] }));

export const listRooms = endpoint({
  method: 'GET',
  path: '/rooms',
  summary: 'List rooms',
  description: 'In the order of their creation; the first 1,000 unless a page is asked for.',
  tag: 'rooms',
  query: t.Object({
    limit: atMost(MAX_ROOMS, 'The most rooms to return', 100),
    after: t.Optional(
      t.String({
        maxLength: 50,
        format: 'storable',
        description: 'The id of the last room on the previous page',
        examples: ['general'],
      }),
    ),
  }),
  answers: {
    200: t.Array(Room, { description: 'Rooms in the order of their creation', examples: [Room.examples] }),
  },
  errors: reading,
});

export const createRoom = endpoint({
  method: 'POST',
  path: '/rooms',
  summary: 'Create a room',
  description: 'The id is its address and never changes.',
  tag: 'rooms',
  body: NewRoom,
  answers: { 201: Room },
  errors: [...reading, errors.invalid_json, errors.room_exists, errors.rate_limited],
});

export const getRoom = endpoint({
  method: 'GET',
  path: '/rooms/:room_id',
  summary: 'One room',
  description: 'With `last_seq`, the cursor to resume from.',
  tag: 'rooms',
  params: inRoom,
  answers: { 200: Room },
  errors: [...reading, errors.unknown_room],
});

export const listKnownPeople = endpoint({
  method: 'GET',
  path: '/rooms/:room_id/members',
  summary: 'People known to a room',
  description: 'People who joined it, opened its page or wrote in it, for completing names.',
  tag: 'rooms',
  params: inRoom,
  query: t.Object({
    q: beginning('The beginning of the name or id, in any case'),
    limit: atMost(200, 'The most people to return', 20),
  }),
  answers: { 200: t.Array(KnownPerson, { description: 'People by name', examples: [KnownPerson.examples] }) },
  errors: reading,
});

export const addKnownPerson = endpoint({
  method: 'PUT',
  path: '/rooms/:room_id/members/:user_id',
  summary: 'Make a person known to a room',
  description: 'For a reader without a socket, so that others can mention them. A socket that joins does the same.',
  tag: 'rooms',
  params: t.Object({ room_id: RoomId, user_id: UserId }),
  body: t.Object({ username: UserName }, { description: 'The name to show', examples: [{ username: 'Alice' }] }),
  answers: { 200: KnownPerson },
  errors: [...reading, errors.invalid_json, errors.forbidden, errors.unknown_room],
});

export const listMentionable = endpoint({
  method: 'GET',
  path: '/rooms/:room_id/mentionable',
  summary: 'People to mention in a room',
  description: 'For completing names: an `@` and `mention` mention this person; nobody else, if that is possible.',
  tag: 'rooms',
  params: inRoom,
  query: t.Object({
    q: beginning('The beginning of the name or id, in any case, with or without accents'),
    limit: atMost(20, 'The most people to return', 8),
  }),
  answers: {
    200: t.Array(Mentionable, {
      description: 'People known to the room first, then all others, by name',
      examples: [Mentionable.examples],
    }),
  },
  errors: reading,
});

const Position = t.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The position of the last message that was read',
  examples: [42],
});

export const markRoomRead = endpoint({
  method: 'PUT',
  path: '/rooms/:room_id/read',
  summary: 'Mark a room as read',
  description:
    'Up to a position; it only ever moves forward. The user’s mentions up to there become read in the notification service.',
  tag: 'rooms',
  params: inRoom,
  body: t.Object(
    { user_id: UserId, position: Position },
    {
      description: 'The user, and the position up to which they have read',
      examples: [{ user_id: 'alice', position: 42 }],
    },
  ),
  answers: {
    200: t.Object(
      { status: t.Literal('ok', { description: 'Always this value', examples: ['ok'] }), read_position: Position },
      { description: 'The read position now', examples: [{ status: 'ok', read_position: 42 }] },
    ),
  },
  errors: [...reading, errors.invalid_json, errors.forbidden, errors.unknown_room],
});

export const listUnread = endpoint({
  method: 'GET',
  path: '/unread',
  summary: 'What a user has not read',
  description:
    'Unread messages per room: since the read position; in rooms never read, since the user first read any room.',
  tag: 'rooms',
  query: ofUser,
  answers: { 200: t.Array(Unread, { description: 'Rooms by id', examples: [Unread.examples] }) },
  errors: [...reading, errors.forbidden],
});

export const listMessages = endpoint({
  method: 'GET',
  path: '/rooms/:room_id/messages',
  summary: 'Message history',
  description: 'The newest messages, oldest first; or a page next to a position.',
  tag: 'messages',
  params: inRoom,
  query: t.Object({
    limit: atMost(MAX_PAGE, 'The most messages to return; 50 by default', 50),
    before: cursor('Only messages before this position'),
    after: cursor('Only messages after this position'),
  }),
  answers: { 200: t.Array(Message, { description: 'Messages in reading order', examples: [Message.examples] }) },
  errors: [...reading, errors.unknown_room],
});

const Content = t.String({
  format: 'storable',
  description: 'Trimmed; 1 to 8,000 characters',
  examples: ['Hello!'],
});

export const sendMessage = endpoint({
  method: 'POST',
  path: '/rooms/:room_id/messages',
  summary: 'Send a message',
  description:
    'For clients without a socket; the room gets the same events. 200: a message with this `client_id` was stored before, and is returned.',
  tag: 'messages',
  params: inRoom,
  body: t.Object(
    {
      user_id: UserId,
      username: t.Optional(UserName),
      content: Content,
      message_type: t.Optional(MessageType),
      file_url: t.Optional(FileUrl),
      client_id: t.Optional(t.Nullable(ClientId)),
    },
    {
      description: 'The message to send',
      examples: [
        { user_id: 'alice', username: 'alice', content: 'Hello!', client_id: '6d3c1f9a-54b1-4c8e-8a40-0f7f0d6f7a11' },
      ],
    },
  ),
  answers: { 200: Message, 201: Message },
  errors: [...writing, errors.unknown_room, errors.content_too_long, errors.client_id_taken],
});

export const getMessage = endpoint({
  method: 'GET',
  path: '/rooms/:room_id/messages/:message_id',
  summary: 'One message',
  description: 'In its current state.',
  tag: 'messages',
  params: oneMessage,
  answers: { 200: Message },
  errors: [...reading, errors.unknown_message],
});

export const editMessage = endpoint({
  method: 'PATCH',
  path: '/rooms/:room_id/messages/:message_id',
  summary: 'Edit one’s own message',
  description: 'The room gets a `message_edited` event.',
  tag: 'messages',
  params: oneMessage,
  body: t.Object(
    { user_id: UserId, content: Content },
    { description: 'The new content', examples: [{ user_id: 'alice', content: 'Hello, all!' }] },
  ),
  answers: { 200: Message },
  errors: [...writing, errors.unknown_message, errors.content_too_long],
});

export const deleteMessage = endpoint({
  method: 'DELETE',
  path: '/rooms/:room_id/messages/:message_id',
  summary: 'Delete one’s own message',
  description: 'Its content is removed from the database; its position stays taken.',
  tag: 'messages',
  params: oneMessage,
  query: ofUser,
  answers: {
    200: t.Object(
      { status: t.Literal('deleted', { description: 'Always this value', examples: ['deleted'] }), id: MessageId },
      {
        description: 'It is deleted, by this request or an earlier one',
        examples: [{ status: 'deleted', id: '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a001' }],
      },
    ),
  },
  errors: [...reading, errors.forbidden, errors.unknown_message, errors.overloaded],
});
