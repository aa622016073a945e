/** Rooms over HTTP: list, one, create; the people of a room; what is unread. */

import { errorAnswers } from '@parley/kit/error-answers';
import { Failure } from '@parley/kit/errors';
import type { Identity } from '@parley/kit/identity';
import { RoomId, storableText, UserId } from '@parley/kit/text';
import { Elysia, t } from 'elysia';
import type { Rounds } from '../messages/rounds.ts';
import type { Activity } from '../socket/activity.ts';
import type { MentionableStore } from './mentionable.ts';
import type { RoomQuota } from './quota.ts';
import { MAX_ROOMS, Member, Mentionable, NewRoom, Room, Unread } from './rules.ts';
import type { RoomStore } from './store.ts';

export interface RoomRoutesDeps {
  readonly rooms: RoomStore;
  readonly mentionable: MentionableStore;
  readonly activity: Activity;
  readonly identity: Identity;
  readonly quota: RoomQuota;
  /** Woken when mentions were read. */
  readonly mentionsRead: Pick<Rounds, 'wake'>;
}

const tags = ['rooms'];
const params = t.Object({ room_id: RoomId });

const Rooms = t.Array(Room, { description: 'Rooms in the order of their creation', examples: [Room.examples] });
const Members = t.Array(Member, { description: 'People by name', examples: [Member.examples] });
const MentionablePeople = t.Array(Mentionable, {
  description: 'People of the room first, then all others, by name',
  examples: [Mentionable.examples],
});
const UnreadRooms = t.Array(Unread, { description: 'Rooms by id', examples: [Unread.examples] });

const Position = t.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The position of the last message that was read',
  examples: [42],
});
const ReadUpTo = t.Object(
  { user_id: UserId, position: Position },
  { description: 'Who has read how far', examples: [{ user_id: 'alice', position: 42 }] },
);
const Read = t.Object(
  { status: t.Literal('ok', { description: 'Always so', examples: ['ok'] }), read_position: Position },
  { description: 'How far the room is read now', examples: [{ status: 'ok', read_position: 42 }] },
);

const reading = errorAnswers('invalid_input', 'unauthenticated', 'storage_unavailable');

const unknownRoom = (roomId: string) => new Failure('unknown_room', `There is no room “${roomId}”`);

export const roomRoutes = ({ rooms, mentionable, activity, identity, mentionsRead, quota }: RoomRoutesDeps) =>
  new Elysia({ name: 'rooms' })
    .get(
      '/rooms',
      async ({ query: { limit = MAX_ROOMS, after }, request }) => {
        await identity.requireAnyone(request.headers);
        return rooms.list(limit, after);
      },
      {
        detail: {
          summary: 'List rooms',
          description: 'In the order of their creation; the first 1,000 unless a page is asked for.',
          tags,
        },
        query: t.Object({
          limit: t.Optional(
            t.Integer({
              minimum: 1,
              maximum: MAX_ROOMS,
              description: 'The most rooms to answer with',
              examples: [100],
            }),
          ),
          after: t.Optional(
            t.String({
              maxLength: 50,
              format: 'storable',
              description: 'The last room id of the page before',
              examples: ['general'],
            }),
          ),
        }),
        response: { 200: Rooms, ...reading },
      },
    )
    .post(
      '/rooms',
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
      {
        detail: { summary: 'Create a room', description: 'The id is its address and never changes.', tags },
        body: NewRoom,
        response: { 201: Room, ...reading, ...errorAnswers('invalid_json', 'room_exists', 'rate_limited') },
      },
    )
    .get(
      '/rooms/:room_id',
      async ({ params: { room_id }, request }) => {
        await identity.requireAnyone(request.headers);
        const room = await rooms.find(room_id);
        if (!room) throw unknownRoom(room_id);
        return room;
      },
      {
        detail: { summary: 'One room', description: 'With `last_seq`, the cursor to resume from.', tags },
        params,
        response: { 200: Room, ...reading, ...errorAnswers('unknown_room') },
      },
    )
    .get(
      '/rooms/:room_id/members',
      async ({ params: { room_id }, query: { q = '', limit = 20 }, request }) => {
        await identity.requireAnyone(request.headers);
        return rooms.members(room_id, q, limit);
      },
      {
        detail: {
          summary: 'People known to a room',
          description: 'Who joined it or wrote in it, for completing names.',
          tags,
        },
        params,
        query: t.Object({
          q: t.Optional(storableText(100, { description: 'How the name or id begins, in any case', examples: ['al'] })),
          limit: t.Optional(
            t.Integer({ minimum: 1, maximum: 200, description: 'The most people to answer with', examples: [20] }),
          ),
        }),
        response: { 200: Members, ...reading },
      },
    )
    .get(
      '/rooms/:room_id/mentionable',
      async ({ params: { room_id }, query: { q = '', limit = 8 }, request }) => {
        await identity.requireAnyone(request.headers);
        return mentionable.find(room_id, q, limit);
      },
      {
        detail: {
          summary: 'Whom one may mention in a room',
          description: 'For completing names: what `mention` says mentions this person, alone wherever that can be.',
          tags,
        },
        params,
        query: t.Object({
          q: t.Optional(
            storableText(100, {
              description: 'How the name or id begins, whatever case and accents',
              examples: ['al'],
            }),
          ),
          limit: t.Optional(
            t.Integer({ minimum: 1, maximum: 20, description: 'The most people to answer with', examples: [8] }),
          ),
        }),
        response: { 200: MentionablePeople, ...reading },
      },
    )
    .put(
      '/rooms/:room_id/read',
      async ({ params: { room_id }, body: { user_id, position }, request }) => {
        await identity.requireUser(request.headers, user_id);
        const marked = await rooms.markRead(room_id, user_id, position);
        if (!marked) throw unknownRoom(room_id);
        activity.read(user_id, room_id, marked.position);
        if (marked.hasMentions) mentionsRead.wake();
        return { status: 'ok' as const, read_position: marked.position };
      },
      {
        detail: {
          summary: 'Mark a room as read',
          description:
            'Up to a position; it only ever moves forward. The user’s mentions up to there become read in the notification service.',
          tags,
        },
        params,
        body: ReadUpTo,
        response: { 200: Read, ...reading, ...errorAnswers('invalid_json', 'forbidden', 'unknown_room') },
      },
    )
    .get(
      '/unread',
      async ({ query: { user_id }, request }) => {
        await identity.requireUser(request.headers, user_id);
        return rooms.unread(user_id);
      },
      {
        detail: {
          summary: 'What a user has not read',
          description:
            'For each room that the user has read before, and each with messages since the user first read any. Empty for one who never did.',
          tags,
        },
        query: t.Object({ user_id: UserId }),
        response: { 200: UnreadRooms, ...reading, ...errorAnswers('forbidden') },
      },
    );
