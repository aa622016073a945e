/** Messages over HTTP: history by cursor, one, and for clients without a socket: send, edit, delete. */

import { errorAnswers } from '@parley/kit/error-answers';
import { Failure } from '@parley/kit/errors';
import type { Identity } from '@parley/kit/identity';
import { RoomId, UserId, UserName } from '@parley/kit/text';
import { Elysia, t } from 'elysia';
import type { RoomStore } from '../rooms/store.ts';
import type { Log } from './log.ts';
import { ClientId, FileUrl, MAX_PAGE, Message, MessageId, MessageType, tidyContent, tidyEdit } from './rules.ts';
import type { MessageStore } from './store.ts';

export interface MessageRoutesDeps {
  readonly log: Log;
  readonly messages: MessageStore;
  readonly rooms: Pick<RoomStore, 'find'>;
  readonly identity: Identity;
}

const tags = ['messages'];
const inRoom = t.Object({ room_id: RoomId });
const oneMessage = t.Object({ room_id: RoomId, message_id: MessageId });
const Cursor = (description: string) =>
  t.Optional(t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description, examples: [42] }));
const Range = t.Object({
  limit: t.Optional(
    t.Integer({
      minimum: 1,
      maximum: MAX_PAGE,
      description: 'The most messages to answer with; 50 unless said',
      examples: [50],
    }),
  ),
  before: Cursor('Only messages before this position: the page of older ones'),
  after: Cursor('Only messages after this position: the page of newer ones'),
});

const Content = t.String({
  format: 'storable',
  description: 'Trimmed; 1 to 8,000 characters',
  examples: ['Hello!'],
});

const NewMessage = t.Object(
  {
    user_id: UserId,
    username: t.Optional(UserName),
    content: Content,
    message_type: t.Optional(MessageType),
    file_url: t.Optional(FileUrl),
    client_id: t.Optional(t.Nullable(ClientId)),
  },
  {
    description: 'A message that is to be sent',
    examples: [
      { user_id: 'alice', username: 'alice', content: 'Hello!', client_id: '6d3c1f9a-54b1-4c8e-8a40-0f7f0d6f7a11' },
    ],
  },
);

const Messages = t.Array(Message, {
  description: 'Messages in reading order',
  examples: [Message.examples],
});

const Edit = t.Object(
  { user_id: UserId, content: Content },
  { description: 'What it shall read', examples: [{ user_id: 'alice', content: 'Hello, all!' }] },
);

const Deleted = t.Object(
  { status: t.Literal('deleted', { description: 'Always so', examples: ['deleted'] }), id: MessageId },
  {
    description: 'It is deleted, now or before',
    examples: [{ status: 'deleted', id: '0b6f4a4e-6c0f-4d0e-9a68-3f3f6ef1a001' }],
  },
);

const reading = errorAnswers('invalid_input', 'unauthenticated', 'storage_unavailable');
const writing = errorAnswers('invalid_json', 'unauthenticated', 'forbidden', 'storage_unavailable', 'overloaded');

export const messageRoutes = ({ log, messages, rooms, identity }: MessageRoutesDeps) =>
  new Elysia({ name: 'messages' })
    .get(
      '/rooms/:room_id/messages',
      async ({ params: { room_id }, query: { limit = 50, before, after }, request }) => {
        await identity.requireAnyone(request.headers);
        if (before !== undefined && after !== undefined)
          throw new Failure('invalid_input', 'query: give before or after, not both');
        const range = { limit, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
        const [room, page] = await Promise.all([rooms.find(room_id), messages.page(room_id, range)]);
        if (!room) throw new Failure('unknown_room', `There is no room “${room_id}”`);
        return page;
      },
      {
        detail: {
          summary: 'Message history',
          description: 'The newest messages, oldest first; or a page next to a position.',
          tags,
        },
        params: inRoom,
        query: Range,
        response: { 200: Messages, ...reading, ...errorAnswers('unknown_room') },
      },
    )
    .post(
      '/rooms/:room_id/messages',
      async ({ params: { room_id }, body, request, status }) => {
        await identity.requireUser(request.headers, body.user_id);
        const content = tidyContent(body.content);
        if (content === '') throw new Failure('invalid_input', 'content: a message needs content');
        const {
          user_id: userId,
          username = 'anonymous',
          message_type: messageType = 'text',
          file_url: fileUrl = null,
          client_id: clientId = null,
        } = body;
        const { message, isNew } = await log.append(room_id, {
          userId,
          username,
          content,
          messageType,
          fileUrl,
          clientId,
        });
        return status(isNew ? 201 : 200, message);
      },
      {
        detail: {
          summary: 'Send a message',
          description:
            'For clients without a socket. Everyone in the room sees it as one sent by socket. 200: this `client_id` was stored before, here it is.',
          tags,
        },
        params: inRoom,
        body: NewMessage,
        response: {
          200: Message,
          201: Message,
          ...writing,
          ...errorAnswers('unknown_room', 'invalid_input', 'content_too_long', 'client_id_taken'),
        },
      },
    )
    .get(
      '/rooms/:room_id/messages/:message_id',
      async ({ params: { room_id, message_id }, request }) => {
        await identity.requireAnyone(request.headers);
        const message = await messages.find(room_id, message_id);
        if (!message) throw new Failure('unknown_message', 'There is no message with this id in this room');
        return message;
      },
      {
        detail: { summary: 'One message', description: 'As it reads now.', tags },
        params: oneMessage,
        response: { 200: Message, ...reading, ...errorAnswers('unknown_message') },
      },
    )
    .patch(
      '/rooms/:room_id/messages/:message_id',
      async ({ params: { room_id, message_id }, body: { user_id, content }, request }) => {
        await identity.requireUser(request.headers, user_id);
        const { message } = await log.edit(room_id, message_id, user_id, tidyEdit(content));
        return message;
      },
      {
        detail: { summary: 'Edit one’s own message', description: 'The room is told by `message_edited`.', tags },
        params: oneMessage,
        body: Edit,
        response: {
          200: Message,
          ...writing,
          ...errorAnswers('unknown_message', 'invalid_input', 'content_too_long'),
        },
      },
    )
    .delete(
      '/rooms/:room_id/messages/:message_id',
      async ({ params: { room_id, message_id }, query: { user_id }, request }) => {
        await identity.requireUser(request.headers, user_id);
        await log.remove(room_id, message_id, user_id);
        return { status: 'deleted' as const, id: message_id };
      },
      {
        detail: {
          summary: 'Delete one’s own message',
          description: 'Its content leaves the database, its place stays.',
          tags,
        },
        params: oneMessage,
        query: t.Object({ user_id: UserId }),
        response: {
          200: Deleted,
          ...reading,
          ...errorAnswers('forbidden', 'unknown_message', 'storage_unavailable', 'overloaded'),
        },
      },
    );
