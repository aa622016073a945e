/** The HTTP routes of messages: a page of the history, one message; for clients without a socket: send, edit, delete. */

import { routeOf } from '@parley/kit/contract/contract';
import { Failure } from '@parley/kit/errors/failure';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import { deleteMessage, editMessage, getMessage, listMessages, sendMessage } from '../contract.ts';
import { errors } from '../errors.ts';
import type { RoomStore } from '../rooms/store.ts';
import type { MessageLog } from './message-log.ts';
import { tidyContent, tidyEdit } from './rules.ts';
import type { MessageStore } from './store.ts';

export interface MessageRoutesDeps {
  readonly messageLog: MessageLog;
  readonly messages: MessageStore;
  readonly rooms: Pick<RoomStore, 'find'>;
  readonly identity: Identity;
}

export const messageRoutes = ({ messageLog, messages, rooms, identity }: MessageRoutesDeps) =>
  new Elysia({ name: 'messages' })
    .route(
      listMessages.method,
      listMessages.path,
      async ({ params: { room_id }, query: { limit = 50, before, after }, request }) => {
        await identity.requireAnyone(request.headers);
        if (before !== undefined && after !== undefined)
          throw new Failure(errors.invalid_input, 'query: give before or after, not both');
        const range = { limit, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
        const [room, page] = await Promise.all([rooms.find(room_id), messages.page(room_id, range)]);
        if (!room) throw new Failure(errors.unknown_room, `There is no room “${room_id}”`);
        return page;
      },
      routeOf(listMessages),
    )
    .route(
      sendMessage.method,
      sendMessage.path,
      async ({ params: { room_id }, body, request, status }) => {
        await identity.requireUser(request.headers, body.user_id);
        const content = tidyContent(body.content);
        if (content === '') throw new Failure(errors.invalid_input, 'content: a message needs content');
        const {
          user_id: userId,
          username = 'anonymous',
          message_type: messageType = 'text',
          file_url: fileUrl = null,
          client_id: clientId = null,
        } = body;
        const { message, isNew } = await messageLog.append(room_id, {
          userId,
          username,
          content,
          messageType,
          fileUrl,
          clientId,
        });
        return status(isNew ? 201 : 200, message);
      },
      routeOf(sendMessage),
    )
    .route(
      getMessage.method,
      getMessage.path,
      async ({ params: { room_id, message_id }, request }) => {
        await identity.requireAnyone(request.headers);
        const message = await messages.find(room_id, message_id);
        if (!message) throw new Failure(errors.unknown_message, 'There is no message with this id in this room');
        return message;
      },
      routeOf(getMessage),
    )
    .route(
      editMessage.method,
      editMessage.path,
      async ({ params: { room_id, message_id }, body: { user_id, content }, request }) => {
        await identity.requireUser(request.headers, user_id);
        const { message } = await messageLog.edit(room_id, message_id, user_id, tidyEdit(content));
        return message;
      },
      routeOf(editMessage),
    )
    .route(
      deleteMessage.method,
      deleteMessage.path,
      async ({ params: { room_id, message_id }, query: { user_id }, request }) => {
        await identity.requireUser(request.headers, user_id);
        await messageLog.remove(room_id, message_id, user_id);
        return { status: 'deleted' as const, id: message_id };
      },
      routeOf(deleteMessage),
    );
