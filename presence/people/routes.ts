/** People over HTTP: heartbeats, who is online, going offline. */
import { errorAnswers } from '@parley/kit/error-answers';
import type { Identity } from '@parley/kit/identity';
import { UserId, UserName } from '@parley/kit/text';
import { Elysia, t } from 'elysia';
import { Person } from './rules.ts';
import type { PeopleStore } from './store.ts';

export interface PeopleOptions {
  readonly people: PeopleStore;
  readonly identity: Identity;
  readonly onlineTtlSeconds: number;
}

const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;
const tags = ['people'];

const UserParams = t.Object({ user_id: UserId });

const Device = t.Optional(
  t.String({
    format: 'name',
    description: 'One of the person’s devices, or pages: 1 to 100 characters. A person is online as long as one is',
    examples: ['8f14e45f-ceea-4a4a-9d3b-6f1c2b7a9e10'],
  }),
);
const DeviceQuery = t.Object({ device: Device });

/** What the page of the seed's system sends by `sendBeacon`, which can only POST and calls a text a text. */
const Beacon = t.String({
  pattern: '^\\s*\\{\\s*"method"\\s*:\\s*"DELETE"\\s*\\}\\s*$',
  description: 'The JSON `{"method":"DELETE"}`, of any content type',
  examples: ['{"method":"DELETE"}'],
});

const Taken = t.Object(
  {
    status: t.Literal('ok', { description: 'Always ok', examples: ['ok'] }),
    user_id: UserId,
    online_ttl_seconds: t.Integer({
      description: 'Without another heartbeat within this time the person goes offline',
      examples: [30],
    }),
  },
  { description: 'Online', examples: [{ status: 'ok', user_id: 'alice', online_ttl_seconds: 30 }] },
);

const Offline = t.Object(
  { status: t.Literal('offline', { description: 'Always offline', examples: ['offline'] }), user_id: UserId },
  { description: 'Offline', examples: [{ status: 'offline', user_id: 'alice' }] },
);

const People = t.Array(Person, {
  description: 'People online, in the order of their ids',
  examples: [Person.examples],
});

const PageQuery = t.Object({
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
});

/** The whole list, by pages, so that no single read keeps the store busy for long. */
const readAll = async (people: PeopleStore): Promise<Person[]> => {
  const all: Person[] = [];
  for (;;) {
    const page = await people.page(all.at(-1)?.user_id ?? '', MAX_PAGE);
    all.push(...page);
    if (page.length < MAX_PAGE) return all;
  }
};

export const peopleRoutes = ({ people, identity, onlineTtlSeconds }: PeopleOptions) => {
  const goOffline = async (headers: Headers, userId: string, device?: string) => {
    await identity.requireUser(headers, userId);
    await people.leave(userId, device);
    return { status: 'offline' as const, user_id: userId };
  };
  const acting = errorAnswers('invalid_input', 'unauthenticated', 'forbidden', 'presence_unavailable');
  const reading = errorAnswers('invalid_input', 'unauthenticated', 'presence_unavailable');

  return new Elysia({ name: 'people' })
    .post(
      '/presence/:user_id/heartbeat',
      async ({ params: { user_id }, query: { username = user_id, device }, request }) => {
        await identity.requireUser(request.headers, user_id);
        await people.heartbeat(user_id, username, device);
        return { status: 'ok' as const, user_id, online_ttl_seconds: onlineTtlSeconds };
      },
      {
        params: UserParams,
        query: t.Object({ username: t.Optional(UserName), device: Device }),
        response: { 200: Taken, ...acting },
        detail: {
          summary: 'Stay online',
          description:
            'Send one every 15 seconds. Without a `username` the person goes by their id. A `device` keeps the person online ' +
            'when another of theirs leaves.',
          tags,
        },
      },
    )
    .get(
      '/presence',
      async ({ query: { limit, cursor }, request }) => {
        await identity.requireAnyone(request.headers);
        if (limit === undefined && cursor === undefined) return readAll(people);
        return people.page(cursor ?? '', limit ?? DEFAULT_PAGE);
      },
      {
        query: PageQuery,
        response: { 200: People, ...reading },
        detail: {
          summary: 'List who is online',
          description:
            'Without parameters: everyone. With `limit` or `cursor`: a page. The next page begins after the last `user_id` ' +
            'of this one; a page shorter than `limit` is the last. Someone online all the while is met exactly once.',
          tags,
        },
      },
    )
    .get(
      '/presence/:user_id',
      async ({ params: { user_id }, request }) => {
        await identity.requireAnyone(request.headers);
        return people.find(user_id);
      },
      {
        params: UserParams,
        response: { 200: Person, ...reading },
        detail: {
          summary: 'Look at one person',
          description: 'Always 200: a stranger is offline, goes by their id and was never seen.',
          tags,
        },
      },
    )
    .delete(
      '/presence/:user_id',
      ({ params: { user_id }, query: { device }, request }) => goOffline(request.headers, user_id, device),
      {
        params: UserParams,
        query: DeviceQuery,
        response: { 200: Offline, ...acting },
        detail: {
          summary: 'Go offline',
          description:
            'At once, not when the time runs out. With a `device` that one only: the person stays online while another of ' +
            'theirs is. Safe to repeat.',
          tags,
        },
      },
    )
    .post(
      '/presence/:user_id/offline',
      ({ params: { user_id }, query: { device }, request }) => goOffline(request.headers, user_id, device),
      {
        params: UserParams,
        query: DeviceQuery,
        response: { 200: Offline, ...acting },
        detail: {
          summary: 'Go offline from a page that is being left',
          description:
            '`DELETE` for `navigator.sendBeacon`, which can only POST. Whatever body comes along is ignored.',
          tags,
        },
      },
    )
    .post('/presence/:user_id', ({ params: { user_id }, request }) => goOffline(request.headers, user_id), {
      // JSON that says it is text: the only route that reads it as JSON.
      parse: 'text',
      params: UserParams,
      body: Beacon,
      response: { 200: Offline, ...acting },
      detail: {
        summary: 'Go offline, as a beacon of text',
        description:
          'For `navigator.sendBeacon(url, \'{"method":"DELETE"}\')`. The person goes offline on all devices.',
        tags,
      },
    });
};
