/** The operations of presence, and the events that it publishes on the bus. */
import { endpoint } from '@parley/kit/contract/contract';
import { UserId, UserName } from '@parley/kit/text/text';
import { t } from 'elysia';
import { errors } from './errors.ts';
import { DEFAULT_PAGE, MAX_PAGE, Person } from './people/rules.ts';
import { MAX_TYPISTS, TypingRoomId, Typist } from './typing/rules.ts';

export { readHealth } from '@parley/kit/http/health';
export { Person, Typist };

/** The bus channel for changes between online and offline. Each change is published once, not once per replica. */
export const PRESENCE_CHANGED = 'presence:changed';

/** An event on `presence:changed`. */
export const PresenceChange = t.Object({ user_id: UserId, username: UserName, online: t.Boolean() });
export type PresenceChange = typeof PresenceChange.static;

const acting = [errors.invalid_input, errors.unauthenticated, errors.forbidden, errors.presence_unavailable] as const;
const reading = [errors.invalid_input, errors.unauthenticated, errors.presence_unavailable] as const;

const ofUser = t.Object({ user_id: UserId });

const Device = t.Optional(
  t.String({
    format: 'name',
    description: 'One of the person’s devices, or pages: 1 to 100 characters. A person is online as long as one is',
    examples: ['8f14e45f-ceea-4a4a-9d3b-6f1c2b7a9e10'],
  }),
);
const DeviceQuery = t.Object({ device: Device });

const Offline = t.Object(
  { status: t.Literal('offline', { description: 'Always offline', examples: ['offline'] }), user_id: UserId },
  { description: 'Offline', examples: [{ status: 'offline', user_id: 'alice' }] },
);

export const sendHeartbeat = endpoint({
  method: 'POST',
  path: '/presence/:user_id/heartbeat',
  summary: 'Stay online',
  description:
    'Send one every 15 seconds. Without a `username` the person goes by their id. A `device` keeps the person online ' +
    'when another of theirs leaves.',
  tag: 'people',
  params: ofUser,
  query: t.Object({ username: t.Optional(UserName), device: Device }),
  answers: {
    200: t.Object(
      {
        status: t.Literal('ok', { description: 'Always ok', examples: ['ok'] }),
        user_id: UserId,
        online_ttl_seconds: t.Integer({
          description: 'Without another heartbeat within this time the person goes offline',
          examples: [30],
        }),
      },
      { description: 'Online', examples: [{ status: 'ok', user_id: 'alice', online_ttl_seconds: 30 }] },
    ),
  },
  errors: acting,
});

export const listOnline = endpoint({
  method: 'GET',
  path: '/presence',
  summary: 'List who is online',
  description:
    'Without parameters: everyone. With `limit` or `cursor`: a page. The next page begins after the last `user_id` ' +
    'of this one; a page shorter than `limit` is the last. Someone online all the while is met exactly once.',
  tag: 'people',
  query: t.Object({
    limit: t.Optional(
      t.Integer({
        minimum: 1,
        maximum: MAX_PAGE,
        description: `How many at most; ${DEFAULT_PAGE} when only \`cursor\` is given`,
        examples: [DEFAULT_PAGE],
      }),
    ),
    cursor: t.Optional(
      t.String({
        format: 'name',
        description: 'The `user_id` that the page before ended with. Without it: from the beginning',
        examples: ['alice'],
      }),
    ),
  }),
  answers: {
    200: t.Array(Person, {
      description: 'People online, in the order of their ids',
      examples: [Person.examples],
    }),
  },
  errors: reading,
});

export const getPerson = endpoint({
  method: 'GET',
  path: '/presence/:user_id',
  summary: 'Look at one person',
  description: 'Always 200: a stranger is offline, goes by their id and was never seen.',
  tag: 'people',
  params: ofUser,
  answers: { 200: Person },
  errors: reading,
});

export const goOffline = endpoint({
  method: 'DELETE',
  path: '/presence/:user_id',
  summary: 'Go offline',
  description:
    'At once, not when the time runs out. With a `device` that one only: the person stays online while another of ' +
    'theirs is. Safe to repeat.',
  tag: 'people',
  params: ofUser,
  query: DeviceQuery,
  answers: { 200: Offline },
  errors: acting,
});

export const leavePage = endpoint({
  method: 'POST',
  path: '/presence/:user_id/offline',
  summary: 'Go offline from a page that is being left',
  description: '`DELETE` for `navigator.sendBeacon`, which can only POST. Whatever body comes along is ignored.',
  tag: 'people',
  params: ofUser,
  query: DeviceQuery,
  answers: { 200: Offline },
  errors: acting,
});

export const sendBeacon = endpoint({
  method: 'POST',
  path: '/presence/:user_id',
  summary: 'Go offline, as a beacon of text',
  description: 'For `navigator.sendBeacon(url, \'{"method":"DELETE"}\')`. The person goes offline on all devices.',
  tag: 'people',
  params: ofUser,
  /** The body that an older page sends by `sendBeacon`, which can only POST, and sends a string as `text/plain`. */
  body: t.String({
    pattern: '^\\s*\\{\\s*"method"\\s*:\\s*"DELETE"\\s*\\}\\s*$',
    description: 'The JSON `{"method":"DELETE"}`, of any content type',
    examples: ['{"method":"DELETE"}'],
  }),
  answers: { 200: Offline },
  errors: acting,
});

const Ok = t.Object(
  { status: t.Literal('ok', { description: 'Always ok', examples: ['ok'] }) },
  { description: 'Taken', examples: [{ status: 'ok' }] },
);

export const startTyping = endpoint({
  method: 'POST',
  path: '/presence/:user_id/typing',
  summary: 'Start typing',
  description: 'Holds for 5 seconds: repeat while typing goes on. Without a `username` the person goes by their id.',
  tag: 'typing',
  params: ofUser,
  query: t.Object({ room_id: TypingRoomId, username: t.Optional(UserName) }),
  answers: { 200: Ok },
  errors: acting,
});

export const stopTyping = endpoint({
  method: 'DELETE',
  path: '/presence/:user_id/typing',
  summary: 'Stop typing',
  description: 'Safe to repeat.',
  tag: 'typing',
  params: ofUser,
  query: t.Object({ room_id: TypingRoomId }),
  answers: { 200: Ok },
  errors: acting,
});

export const listTyping = endpoint({
  method: 'GET',
  path: '/presence/rooms/:room_id/typing',
  summary: 'List who is typing in a room',
  description: 'Those who go on longest first. A room that nobody types in, or that does not exist, is empty.',
  tag: 'typing',
  params: t.Object({ room_id: TypingRoomId }),
  answers: {
    200: t.Array(Typist, {
      description: `Who is typing in the room, ${MAX_TYPISTS} at most`,
      examples: [Typist.examples],
    }),
  },
  errors: reading,
});
