/** The contract over HTTP, on the embedded stores and on real ones. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createLog } from '@parley/kit/process/log';
import type { Bus } from '@parley/kit/stores/bus';
import { openBus } from '@parley/kit/stores/bus.open';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import {
  openEmbedded,
  openReal,
  refusalOf,
  type Stores,
  startTestService,
  type TestService,
} from '../testing/service.ts';
import type { Notification } from './rules.ts';

const UNKNOWN_ID = '019c1346-2200-7000-8000-5f1d3c2b1a00';

const contract = (openStores: () => Promise<Stores>) => () => {
  let stores: Stores;
  let service: TestService;
  let bus: Bus;

  beforeAll(async () => {
    stores = await openStores();
    service = await startTestService(stores.env);
    bus = openBus(stores.env.REDIS_URL, createLog('test', 'silent'));
    await eventually(() => expect(bus.isConnected).toBe(true));
    await eventually(async () => expect(await service.health()).not.toMatchObject({ redis: 'unavailable' }));
  });
  afterAll(async () => {
    await bus.close();
    await service.stop();
    await stores.close();
  });

  /** Each test has a user of its own. */
  const newUser = () => `user ${crypto.randomUUID()}/é:%`;

  const eventsOf = async (userId: string) => {
    const events: Record<string, unknown>[] = [];
    await bus.subscribe(`user:${userId}`, (text) => events.push(JSON.parse(text)));
    return events;
  };

  const createMany = async (userId: string, titles: readonly string[]): Promise<Notification[]> => {
    const created: Notification[] = [];
    for (const title of titles) created.push((await service.create({ user_id: userId, title })).body);
    return created;
  };

  test('a created notification is answered with 201 and every field of the contract', async () => {
    const before = Date.now();
    const asked = { title: 'Hi', body: 'Text', notif_type: 'mention', room_id: 'general', from_user: 'bob' } as const;
    const about = { message_id: crypto.randomUUID(), position: 7 };
    const { status, body } = await service.create({ user_id: 'alice', ...asked, ...about });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user_id: 'alice',
      ...asked,
      ...about,
      read: false,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(Date.parse(body.created_at)).toBeGreaterThanOrEqual(before);
  });

  test('what is left out has the defaults of the contract', async () => {
    const { body } = await service.create({ user_id: newUser() });
    expect(body).toMatchObject({
      ...{ notif_type: 'message', room_id: null, from_user: null, message_id: null, position: null },
    });
  });

  test('a list is newest first, and has at most the asked number', async () => {
    const user = newUser();
    await createMany(user, ['first', 'second', 'third']);
    expect((await service.list(user)).body.map(({ title }) => title)).toEqual(['third', 'second', 'first']);
    expect((await service.list(user, { limit: 2 })).body.map(({ title }) => title)).toEqual(['third', 'second']);
    expect((await service.list(newUser())).body).toEqual([]);
  });

  test('pages by cursor meet everything once, whatever is created or deleted between them', async () => {
    const user = newUser();
    await createMany(user, ['1', '2', '3', '4', '5']);
    const first = (await service.list(user, { limit: 2 })).body;
    const [, last] = first;
    await createMany(user, ['6']);
    await service.remove(last?.id ?? '');
    const rest = (await service.list(user, { limit: 10, before: last?.id })).body;
    expect([...first, ...rest].map(({ title }) => title)).toEqual(['5', '4', '3', '2', '1']);
  });

  test('reading one leaves it out of the unread, and twice is the same', async () => {
    const user = newUser();
    const [one] = await createMany(user, ['one', 'two']);
    expect(await service.countUnread(user)).toBe(2);
    for (const _ of ['first', 'again']) {
      expect(await service.read(one?.id ?? '')).toEqual({ status: 200, body: { status: 'ok', id: one?.id ?? '' } });
      expect(await service.countUnread(user)).toBe(1);
    }
    for (const yes of ['true', 'True', '1']) {
      const unread = (await service.list(user, { unread_only: yes })).body;
      expect(unread.map(({ title }) => title)).toEqual(['two']);
    }
    const all = (await service.list(user, { unread_only: 'false' })).body;
    expect(all.map(({ read }) => read)).toEqual([false, true]);
  });

  test("read-all reads all of one user's and nobody else's", async () => {
    const [user, other] = [newUser(), newUser()];
    await createMany(user, ['one', 'two']);
    await createMany(other, ['theirs']);
    expect(await service.readAll(user)).toEqual({ status: 200, body: { status: 'ok', user_id: user } });
    expect([await service.countUnread(user), await service.countUnread(other)]).toEqual([0, 1]);
  });

  test('read-room reads what is about messages of one room up to a position, and nothing else', async () => {
    const [user, other] = [newUser(), newUser()];
    const about = async (userId: string, room: string | null, position: number | null) =>
      (await service.create({ user_id: userId, room_id: room, position, message_id: crypto.randomUUID() })).body;
    const read = [await about(user, 'general', 0), await about(user, 'general', 7)];
    const kept = [
      ...[await about(user, 'general', 8), await about(user, 'random', 7), await about(user, 'general', null)],
      ...[await about(user, null, 7), await about(other, 'general', 7)],
    ];
    const events = await eventsOf(user);
    for (const _ of ['first', 'again'])
      expect(await service.readRoom(user, 'general', 7)).toEqual({
        status: 200,
        body: { status: 'ok', user_id: user },
      });
    const unread = [user, other].map(async (id) => (await service.list(id, { unread_only: 'true' })).body);
    const idsOf = (list: readonly Notification[]) => list.map(({ id }) => id).sort();
    expect(idsOf((await Promise.all(unread)).flat())).toEqual(idsOf(kept));
    expect((await service.list(user)).body.filter((one) => one.read).map(({ id }) => id)).toEqual(
      read.map(({ id }) => id).toReversed(),
    );
    await eventually(() => expect(events).toContainEqual({ type: 'notification_count', unread_count: 4 }));
  });

  test.each([
    'room_id=general',
    'up_to=3',
    'room_id=general&up_to=-1',
    'room_id=general&up_to=x',
    'room_id=..%2F&up_to=1',
  ])('read-room with %s is 422', async (query) => {
    expect((await service.send('PATCH', `/notifications/alice/read-room?${query}`)).status).toBe(422);
  });

  test('a deleted notification is gone', async () => {
    const user = newUser();
    const [one] = await createMany(user, ['one']);
    expect(await service.remove(one?.id ?? '')).toEqual({ status: 200, body: { status: 'deleted' } });
    expect((await service.list(user)).body).toEqual([]);
    expect((await refusalOf(service.remove(one?.id ?? ''))).status).toBe(404);
  });

  test.each([UNKNOWN_ID, 'no-uuid', 'a b/c'])('an unknown id (%s) is 404 to read and to delete', async (id) => {
    for (const refusal of [await refusalOf(service.read(id)), await refusalOf(service.remove(id))])
      expect(refusal).toMatchObject({ status: 404, code: 'unknown_notification', detail: expect.any(String) });
  });

  test('the same Idempotency-Key is the same notification, also after it was read and deleted', async () => {
    const user = newUser();
    const key = `mention:${crypto.randomUUID()}`;
    const first = await service.create({ user_id: user }, key);
    expect(first.status).toBe(201);
    expect(await service.create({ user_id: user }, key)).toEqual({ status: 200, body: first.body });

    await service.read(first.body.id);
    expect(await service.create({ user_id: user }, key)).toEqual({ status: 200, body: { ...first.body, read: true } });

    await service.remove(first.body.id);
    expect(await service.create({ user_id: user }, key)).toEqual({ status: 200, body: first.body });
    expect((await service.list(user)).body).toEqual([]);
  });

  test("another user's or sender's Idempotency-Key is 409 and shows nothing of theirs", async () => {
    const key = crypto.randomUUID();
    await service.create({ user_id: newUser(), from_user: 'bob', body: 'a secret' }, key);
    const asked = { user_id: newUser(), title: 'Hello', body: 'How are you?', from_user: 'bob' };
    const answer = await service.send('POST', '/notifications', asked, { 'idempotency-key': key });
    expect(answer).toMatchObject({ status: 409, body: { code: 'idempotency_key_taken' } });
    expect(JSON.stringify(answer.body)).not.toContain('a secret');
  });

  test('a title is one line of plain text', async () => {
    const { body } = await service.create({ user_id: newUser(), title: ' \u202e<b>one\r\n two</b>\u2069\u0007 ' });
    expect(body.title).toBe('<b>one  two</b>');
    expect((await refusalOf(service.create({ user_id: newUser(), title: ' \u202e\n ' }))).status).toBe(422);
  });

  test("a key is its creator's own: another's with the same text makes another", async () => {
    const user = newUser();
    const created = [];
    for (const from of ['bob', 'carol'])
      created.push((await service.create({ user_id: user, from_user: from }, 'one key')).body.id);
    expect(new Set(created).size).toBe(2);
  });

  test("a user's channel gets the notification, then the unread count after every change", async () => {
    const user = newUser();
    const events = await eventsOf(user);
    const lastCount = () => events.filter(({ type }) => type === 'notification_count').at(-1)?.unread_count;
    const [one, two] = await createMany(user, ['one', 'two']);
    await eventually(() => expect(lastCount()).toBe(2));
    expect(events[0]).toEqual({ type: 'notification', ...one });
    expect(events).toContainEqual({ type: 'notification', ...two });

    await service.read(one?.id ?? '');
    await eventually(() => expect(lastCount()).toBe(1));
    await service.remove(two?.id ?? '');
    await eventually(() => expect(lastCount()).toBe(0));
    await createMany(user, ['three']);
    await eventually(() => expect(lastCount()).toBe(1));
    await service.readAll(user);
    await eventually(() => expect(lastCount()).toBe(0));
  });

  test('a repeated creation is not told again', async () => {
    const user = newUser();
    const events = await eventsOf(user);
    const key = crypto.randomUUID();
    await service.create({ user_id: user }, key);
    await service.create({ user_id: user }, key);
    await service.create({ user_id: user, title: 'last' });
    await eventually(() => expect(events.some(({ title }) => title === 'last')).toBe(true));
    expect(events.filter(({ type }) => type === 'notification').length).toBe(2);
  });

  const invalid: [string, unknown][] = [
    ['no user_id', { title: 't', body: 'b' }],
    ['an empty user_id', { user_id: '', title: 't', body: 'b' }],
    ['no title', { user_id: 'a', body: 'b' }],
    ['a number as a title', { user_id: 'a', title: 5, body: 'b' }],
    ['a NUL byte', { user_id: 'a', title: 't', body: 'b\0' }],
    ['half a surrogate pair', { user_id: 'a', title: 't', body: '\ud800' }],
    ['an unknown type', { user_id: 'a', title: 't', body: 'b', notif_type: 'shout' }],
    ['a body of 20,001 units', { user_id: 'a', title: 't', body: 'x'.repeat(20_001) }],
    ['a room that no room can be', { user_id: 'a', title: 't', body: 'b', room_id: '../x' }],
    ['a message that no message can be', { user_id: 'a', title: 't', body: 'b', message_id: 'x' }],
    ['a position below zero', { user_id: 'a', title: 't', body: 'b', position: -1 }],
    ['a list', []],
  ];
  test.each(invalid)('%s is 422 and says why', async (_, body) => {
    const answer = await service.send('POST', '/notifications', body);
    expect(answer).toMatchObject({ status: 422, body: { detail: expect.stringMatching(/./) } });
  });

  test('a body that is no JSON is 400', async () => {
    expect((await service.send('POST', '/notifications', '{')).status).toBe(400);
  });

  test.each(['?limit=0', '?limit=201', '?limit=x', '?before=x', '?unread_only=perhaps'])(
    'a list with %s is 422',
    async (query) => {
      expect((await service.send('GET', `/notifications/alice${query}`)).status).toBe(422);
    },
  );

  const invalidKeys: [string, string][] = [
    ['nothing', ' '],
    ['an accent', 'é'],
    ['256 characters', 'x'.repeat(256)],
  ];
  test.each(invalidKeys)('an Idempotency-Key of %s is 422', async (_, key) => {
    expect((await refusalOf(service.create({}, key))).status).toBe(422);
  });

  test('/health says how the stores are, and whether Web Push is on', async () => {
    const state = stores.env.REDIS_URL.startsWith('memory:') ? 'embedded' : 'connected';
    expect(await service.send('GET', '/health')).toEqual({
      status: 200,
      body: {
        status: 'healthy',
        service: 'notification-service',
        postgres: state,
        redis: state,
        push: 'push_disabled',
      },
    });
  });
};

describe('notifications on the embedded stores', contract(openEmbedded));
describeWith(['postgres', 'redis'], 'notifications on Postgres and Redis', contract(openReal));
