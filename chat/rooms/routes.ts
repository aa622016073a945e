/** Rooms over HTTP: list, one, create; the people of a room; what is unread. */

import { routeOf } from '@parley/kit/contract/contract';
import { Failure } from '@parley/kit/errors/errors';
import type { Identity } from '@parley/kit/identity/identity';
import { Elysia } from 'elysia';
import type { Activity } from '../channels/activity.ts';
import {
  addMember,
  createRoom,
  getRoom,
  listMembers,
  listMentionable,
  listRooms,
  listUnread,
  markRoomRead,
} from '../contract.ts';
import type { Rounds } from '../outbox/rounds.ts';
import type { People } from './known-people.ts';
import type { MentionableStore } from './mentionable.ts';
import type { RoomQuota } from './quota.ts';
import { MAX_ROOMS } from './rules.ts';
import type { RoomStore } from './store.ts';

export interface RoomRoutesDeps {
  readonly rooms: RoomStore;
  readonly mentionable: MentionableStore;
  readonly people: People;
  readonly activity: Activity;
  readonly identity: Identity;
  readonly quota: RoomQuota;
  /** Woken when mentions were read. */
  readonly mentionsRead: Pick<Rounds, 'wake'>;
}

const unknownRoom = (roomId: string) => new Failure('unknown_room', `There is no room “${roomId}”`);

export const roomRoutes = ({ rooms, mentionable, people, activity, identity, mentionsRead, quota }: RoomRoutesDeps) =>
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
            'room_exists',
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
      listMembers.method,
      listMembers.path,
      async ({ params: { room_id }, query: { q = '', limit = 20 }, request }) => {
        await identity.requireAnyone(request.headers);
        return rooms.members(room_id, q, limit);
      },
      routeOf(listMembers),
    )
    .route(
      addMember.method,
      addMember.path,
      async ({ params: { room_id, user_id }, body: { username }, request }) => {
        await identity.requireUser(request.headers, user_id);
        const person = { userId: user_id, username };
        // Every view of a room's page asks this. Only the first needs the database.
        if (!people.remembers(room_id, person)) {
          if (!(await rooms.find(room_id))) throw unknownRoom(room_id);
          await people.know(room_id, person);
        }
        return { user_id, username };
      },
      routeOf(addMember),
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
