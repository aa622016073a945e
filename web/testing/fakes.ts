/** Fake services over data in memory, with the routes of the real contracts: the framework validates each request and each answer. */
import * as chat from '@parley/chat/contract';
import { errors } from '@parley/chat/errors';
import type { Message, Room, Unread } from '@parley/client/api/chat';
import type { Notification } from '@parley/client/api/notification';
import type { Person } from '@parley/client/api/presence';
import * as file from '@parley/file/contract';
import { routeOf } from '@parley/kit/contract/contract';
import { errorBody, Failure } from '@parley/kit/errors/failure';
import { toFailure } from '@parley/kit/http/failures';
import * as notification from '@parley/notification/contract';
import * as presence from '@parley/presence/contract';
import { Elysia, ValidationError } from 'elysia';

/** The data of the fake services. Tests change it. */
export interface World {
  rooms: Room[];
  messages: Message[];
  unread: Unread[];
  notifications: Notification[];
  online: Person[];
  /** Names of services that answer every call with 503. */
  away: Set<string>;
  /** Answers that violated their contract. */
  readonly broken: string[];
}

export const aMessage = (position: number, fields: Partial<Message> = {}): Message => ({
  id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
  room_id: 'general',
  user_id: 'bob',
  username: 'Bob',
  content: `message ${position}`,
  message_type: 'text',
  file_url: null,
  created_at: new Date(Date.UTC(2026, 0, 31, 12, 0, position)).toISOString(),
  position,
  seq: position,
  edited_at: null,
  mentions: [],
  deleted_at: null,
  ...fields,
});

const healthy = { status: 'healthy' as const };
const ok = { status: 'ok' as const };
const deleted = { status: 'deleted' as const };

/** A service without routes. Its errors have the format of the real ones. */
const service = (world: World) =>
  new Elysia().onError({ as: 'global' }, ({ error, set, request }) => {
    if (error instanceof ValidationError && error.type === 'response')
      world.broken.push(`${request.method} ${request.url}: ${error.message}`);
    const failure = toFailure(error, request.url);
    set.status = failure.status;
    return errorBody(failure);
  });

const roomOf = ({ rooms }: World, roomId: string): Room => {
  const found = rooms.find(({ id }) => id === roomId);
  if (!found) throw new Failure(errors.unknown_room, 'There is no such room');
  return found;
};

const messageOf = ({ messages }: World, messageId: string): Message => {
  const found = messages.find(({ id }) => id === messageId);
  if (!found) throw new Failure(errors.unknown_message, 'There is no such message');
  return found;
};

const rooms = (world: World) =>
  new Elysia()
    .route(chat.listRooms.method, chat.listRooms.path, () => world.rooms, routeOf(chat.listRooms))
    .route(
      chat.createRoom.method,
      chat.createRoom.path,
      ({ body, status }) => status(201, { description: null, ...body, last_seq: 0 }),
      routeOf(chat.createRoom),
    )
    .route(chat.getRoom.method, chat.getRoom.path, ({ params }) => roomOf(world, params.room_id), routeOf(chat.getRoom))
    .route(
      chat.addKnownPerson.method,
      chat.addKnownPerson.path,
      ({ params: { room_id, user_id }, body: { username } }) => {
        roomOf(world, room_id);
        return { user_id, username };
      },
      routeOf(chat.addKnownPerson),
    )
    .route(chat.listUnread.method, chat.listUnread.path, () => world.unread, routeOf(chat.listUnread))
    .route(
      chat.markRoomRead.method,
      chat.markRoomRead.path,
      ({ params, body }) => {
        roomOf(world, params.room_id);
        return { ...ok, read_position: body.position };
      },
      routeOf(chat.markRoomRead),
    );

const messages = (world: World) =>
  new Elysia()
    .route(
      chat.listMessages.method,
      chat.listMessages.path,
      ({ params: { room_id }, query: { limit = 50, before = Number.MAX_SAFE_INTEGER, after } }) => {
        roomOf(world, room_id);
        if (after === undefined) return world.messages.filter(({ position }) => position < before).slice(-limit);
        return world.messages.filter(({ position }) => position > after).slice(0, limit);
      },
      routeOf(chat.listMessages),
    )
    .route(
      chat.sendMessage.method,
      chat.sendMessage.path,
      ({ params, body: { client_id: _, ...fields }, status }) =>
        status(201, aMessage(world.messages.length + 1, { room_id: roomOf(world, params.room_id).id, ...fields })),
      routeOf(chat.sendMessage),
    )
    .route(
      chat.getMessage.method,
      chat.getMessage.path,
      ({ params }) => messageOf(world, params.message_id),
      routeOf(chat.getMessage),
    )
    .route(
      chat.editMessage.method,
      chat.editMessage.path,
      ({ params, body: { content } }) => ({ ...messageOf(world, params.message_id), content }),
      routeOf(chat.editMessage),
    )
    .route(
      chat.deleteMessage.method,
      chat.deleteMessage.path,
      ({ params }) => ({ ...deleted, id: messageOf(world, params.message_id).id }),
      routeOf(chat.deleteMessage),
    );

const fakeChat = (world: World) =>
  service(world)
    .use(rooms(world))
    .use(messages(world))
    .route(
      chat.readHealth.method,
      chat.readHealth.path,
      () => ({ ...healthy, service: 'chat-service', postgres: 'connected' }),
      routeOf(chat.readHealth),
    );

const fakePresence = (world: World) =>
  service(world)
    .route(
      presence.readHealth.method,
      presence.readHealth.path,
      () => ({ ...healthy, service: 'presence-service', redis: 'unavailable' }),
      routeOf(presence.readHealth),
    )
    .route(presence.listOnline.method, presence.listOnline.path, () => world.online, routeOf(presence.listOnline))
    .route(
      presence.sendHeartbeat.method,
      presence.sendHeartbeat.path,
      ({ params }) => ({ ...ok, ...params, online_ttl_seconds: 30 }),
      routeOf(presence.sendHeartbeat),
    )
    .route(
      presence.leavePage.method,
      presence.leavePage.path,
      ({ params }) => ({ status: 'offline' as const, ...params }),
      routeOf(presence.leavePage),
    );

const fakeNotification = (world: World) =>
  service(world)
    .route(
      notification.readHealth.method,
      notification.readHealth.path,
      () => ({ ...healthy, service: 'notification-service' }),
      routeOf(notification.readHealth),
    )
    .route(
      notification.listNotifications.method,
      notification.listNotifications.path,
      () => world.notifications,
      routeOf(notification.listNotifications),
    )
    .route(
      notification.countUnreadNotifications.method,
      notification.countUnreadNotifications.path,
      ({ params }) => ({ ...params, unread_count: world.notifications.filter(({ read }) => !read).length }),
      routeOf(notification.countUnreadNotifications),
    )
    .route(
      notification.markNotificationRead.method,
      notification.markNotificationRead.path,
      ({ params }) => ({ ...ok, ...params }),
      routeOf(notification.markNotificationRead),
    )
    .route(
      notification.markAllNotificationsRead.method,
      notification.markAllNotificationsRead.path,
      ({ params }) => ({ ...ok, user_id: params.id }),
      routeOf(notification.markAllNotificationsRead),
    )
    .route(
      notification.deleteNotification.method,
      notification.deleteNotification.path,
      () => deleted,
      routeOf(notification.deleteNotification),
    )
    .route(
      notification.subscribeToPush.method,
      notification.subscribeToPush.path,
      ({ status }) => status(201, { status: 'subscribed' as const }),
      routeOf(notification.subscribeToPush),
    );

const fakeFile = (world: World) =>
  service(world)
    .route(
      file.readHealth.method,
      file.readHealth.path,
      () => ({ ...healthy, service: 'file-service', bucket: '/secret/path' }),
      routeOf(file.readHealth),
    )
    .route(
      file.uploadFile.method,
      file.uploadFile.path,
      async ({ body, query: { uploaded_by = 'anonymous', room_id = 'general' }, status }) => {
        const text = await body.file.text();
        if (text === '') throw new Failure(errors.invalid_input, 'file: it is empty');
        if (text.startsWith('MZ')) throw new Failure(errors.wrong_media_type, 'Programs are not taken');
        return status(201, {
          id: 'f1',
          original_name: body.file.name,
          content_type: 'text/plain',
          size_bytes: body.file.size,
          uploaded_by,
          room_id,
          created_at: '2026-01-31T12:00:00.000Z',
          download_url: '/api/files/f1/download',
          sha256: '0'.repeat(64),
          width: null,
          height: null,
          thumbnail_url: null,
        });
      },
      { ...routeOf(file.uploadFile), body: file.uploadFile.form },
    );

type Fake = { handle(request: Request): Promise<Response> };

export const fakesOf = (world: World): Readonly<Record<string, Fake>> => ({
  chat: fakeChat(world),
  presence: fakePresence(world),
  notification: fakeNotification(world),
  file: fakeFile(world),
});
