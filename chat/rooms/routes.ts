/** The HTTP routes of rooms: list, find and create rooms; the people known to a room; unread counts. */

import { routeOf } from '@parley/kit/contract/contract';
import { Failure } from '@parley/kit/errors/failure';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import {
  addKnownPerson,
  createRoom,
  getRoom,
  listKnownPeople,
  listMentionable,
  listRooms,
  listUnread,
  markRoomRead,
} from '../contract.ts';
import { errors } from '../errors.ts';
import type { KnownPeople } from './known-people.ts';
import type { MentionableStore } from './mentionable.ts';
import type { RoomQuota } from './quota.ts';
import { MAX_ROOMS, type Room } from './rules.ts';
import type { RoomStore } from './store.ts';

/** Takes what the routes change, for the sockets that show it. */
export interface RoomEvents {
  created(room: Room): void;
  /** @param position how far the user has read the room now */
  read(userId: string, roomId: string, position: number): void;
}

export interface RoomRoutesDeps {
  readonly rooms: RoomStore;
  readonly mentionable: MentionableStore;
  readonly knownPeople: KnownPeople;
  readonly activity: RoomEvents;
  readonly identity: Identity;
  readonly quota: RoomQuota;
  /** The relay that is woken when a user has read mentions. */
  readonly mentionsRead: { wake(): void };
}

const unknownRoom = (roomId: string) => new Failure(errors.unknown_room, `There is no room “${roomId}”`);

export const roomRoutes = ({
  rooms,
  mentionable,
  knownPeople,
  activity,
  identity,
  mentionsRead,
  quota,
}: RoomRoutesDeps) =>
  new Elysia({ name: 'rooms' })
    .route(
      listRooms.method,
      listRooms.path,
      async ({ query: { limit = MAX_ROOMS, after }, request }) => {
        await identity.requireAnyone(request.headers);
        return rooms.list(limit, after);
      },
      routeOf(listRooms),
    )
    .route(
      createRoom.method,
      createRoom.path,
      async ({ body, request, status }) => {
        const creator = await identity.requireAnyone(request.headers);
        if (creator !== undefined) quota.take(creator);
        const room = await rooms.create(body);
        if (!room)
          throw new Failure(
            errors.room_exists,
            `There is a room “${body.id}” already, in this or another case; choose another id`,
          );
        activity.created(room);
        return status(201, room);
      },
      routeOf(createRoom),
    )
    .route(
      getRoom.method,
      getRoom.path,
      async ({ params: { room_id }, request }) => {
        await identity.requireAnyone(request.headers);
        const room = await rooms.find(room_id);
        if (!room) throw unknownRoom(room_id);
        return room;
      },
      routeOf(getRoom),
    )
    .route(
      listKnownPeople.method,
      listKnownPeople.path,
      async ({ params: { room_id }, query: { q = '', limit = 20 }, request }) => {
        await identity.requireAnyone(request.headers);
        return rooms.knownPeople(room_id, q, limit);
      },
      routeOf(listKnownPeople),
    )
    .route(
      addKnownPerson.method,
      addKnownPerson.path,
      async ({ params: { room_id, user_id }, body: { username }, request }) => {
        await identity.requireUser(request.headers, user_id);
        const person = { userId: user_id, username };
        // Every view of a room's page calls this. Only the first call for a person needs the database.
        if (!knownPeople.remembers(room_id, person)) {
          if (!(await rooms.find(room_id))) throw unknownRoom(room_id);
          await knownPeople.know(room_id, person);
        }
        return { user_id, username };
      },
      routeOf(addKnownPerson),
    )
    .route(
      listMentionable.method,
      listMentionable.path,
      async ({ params: { room_id }, query: { q = '', limit = 8 }, request }) => {
        await identity.requireAnyone(request.headers);
        return mentionable.find(room_id, q, limit);
      },
      routeOf(listMentionable),
    )
    .route(
      markRoomRead.method,
      markRoomRead.path,
      async ({ params: { room_id }, body: { user_id, position }, request }) => {
        await identity.requireUser(request.headers, user_id);
        const marked = await rooms.markRead(room_id, user_id, position);
        if (!marked) throw unknownRoom(room_id);
        activity.read(user_id, room_id, marked.position);
        if (marked.hasMentions) mentionsRead.wake();
        return { status: 'ok' as const, read_position: marked.position };
      },
      routeOf(markRoomRead),
    )
    .route(
      listUnread.method,
      listUnread.path,
      async ({ query: { user_id }, request }) => {
        await identity.requireUser(request.headers, user_id);
        return rooms.unread(user_id);
      },
      routeOf(listUnread),
    );
