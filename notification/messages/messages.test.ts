/** What was deleted or edited away is gone from notifications, on the embedded stores and on real ones. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createLog } from '@parley/kit/process/log';
import type { Bus } from '@parley/kit/stores/bus';
import { openBus } from '@parley/kit/stores/bus.open';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { createNotification } from '../contract.ts';
import { errors } from '../errors.ts';
import type { NewNotification } from '../notifications/rules.ts';
import {
  openEmbedded,
  openReal,
  refusalOf,
  type Stores,
  startTestService,
  type TestService,
} from '../testing/service.ts';

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
    await eventually(async () =>
      expect(await service.health()).toMatchObject({
        redis: expect.stringMatching(/connected|embedded/),
      }),
    );
  });
  afterAll(async () => {
    await bus.close();
    await service.stop();
    await stores.close();
  });

  const newUser = () => `user ${crypto.randomUUID()}/é:%`;
  const eventsOf = async (userId: string) => {
    const events: Record<string, unknown>[] = [];
    await bus.subscribe(`user:${userId}`, (text) => events.push(JSON.parse(text)));
    return events;
  };
  const about = (fields: Partial<NewNotification> = {}) => ({
    ...{ notif_type: 'mention' as const, room_id: 'general', from_user: 'bob', message_id: crypto.randomUUID() },
    ...fields,
  });
  const put = (id: string | null | undefined, seq: number, userIds: string[], body = 'new') =>
    service.send('PUT', `/notifications/messages/${id}`, { seq, user_ids: userIds, body });
  const remove = (id: string | null | undefined, seq: number) =>
    service.send('DELETE', `/notifications/messages/${id}?seq=${seq}`);
  const ok = { status: 200, body: { status: 'ok' } };

  test('that was deleted all are gone, from lists, counts and open pages, and nothing else', async () => {
    const [user, other] = [newUser(), newUser()];
    const message = about();
    const [first, kept] = [
      (await service.create({ ...message, user_id: user })).body,
      (await service.create({ ...about(), user_id: user })).body,
    ];
    await service.create({ ...message, user_id: other, notif_type: 'message' });
    const events = await eventsOf(user);
    for (const _ of ['first', 'again']) expect(await remove(message.message_id?.toUpperCase(), 9)).toEqual(ok);
    expect((await service.list(user)).body).toEqual([kept]);
    expect((await service.list(other)).body).toEqual([]);
    expect([await service.countUnread(user), await service.countUnread(other)]).toEqual([1, 0]);
    await eventually(() => expect(events).toContainEqual({ type: 'notification_count', unread_count: 1 }));
    expect(events).toContainEqual({ type: 'notification_removed', id: first.id, message_id: message.message_id });
  });

  test.each([undefined, 5, 9, 12])('that was deleted none is created later, which tells its state %p', async (seq) => {
    const user = newUser();
    const message = about();
    await remove(message.message_id, 9);
    const creation = service.create({ ...message, user_id: user, ...(seq && { message_seq: seq }) }, 'a key');
    expect(await refusalOf(creation)).toMatchObject({ status: 409, code: 'message_changed' });
    expect(createNotification.errors).toContain(errors.message_changed);
    expect((await service.list(user)).body).toEqual([]);
    expect((await put(message.message_id, 12, [user])).status).toBe(200);
    expect((await refusalOf(service.create({ ...message, user_id: user }))).status).toBe(409);
  });

  test('that was edited those it still mentions have its text, and the others go', async () => {
    const [stays, goes] = [newUser(), newUser()];
    const message = about();
    const events = await eventsOf(stays);
    const [one] = await Promise.all([
      service.create({ ...message, user_id: stays, body: 'old' }),
      service.create({ ...message, user_id: goes, body: 'old' }),
    ]);
    const told = await service.create({ ...message, user_id: goes, notif_type: 'message', body: 'of another kind' });
    // The count of the creation is published behind the request, and must not arrive among the events of the edit.
    await eventually(() => expect(events).toContainEqual({ type: 'notification_count', unread_count: 1 }));
    events.length = 0;
    for (const _ of ['first', 'again']) expect(await put(message.message_id, 9, [stays])).toEqual(ok);
    expect((await service.list(stays)).body).toEqual([{ ...one.body, body: 'new' }]);
    expect((await service.list(goes)).body).toEqual([told.body]);
    await eventually(() => expect(events).toEqual([{ type: 'notification_changed', ...one.body, body: 'new' }]));
  });

  test('an older change that comes later does nothing', async () => {
    const user = newUser();
    const message = about();
    await service.create({ ...message, user_id: user, body: 'old' });
    await put(message.message_id, 9, [user], 'newest');
    expect(await put(message.message_id, 8, [], 'older')).toEqual(ok);
    expect((await service.list(user)).body.map(({ body }) => body)).toEqual(['newest']);
  });

  test('that was edited only a creation that tells this state or a later one is taken', async () => {
    const user = newUser();
    const message = about();
    await put(message.message_id, 9, [user]);
    const create = (seq: number) => service.create({ ...message, user_id: user, message_seq: seq });
    expect((await refusalOf(create(8))).status).toBe(409);
    expect((await create(9)).status).toBe(201);
    expect((await create(10)).status).toBe(201);
  });

  test('creations and the deletion at the same time leave nothing, in whatever order they come', async () => {
    const users = Array.from({ length: 8 }, newUser);
    const message = about();
    const outcomes = await Promise.allSettled([
      ...users.slice(0, 4).map((user) => service.create({ ...message, user_id: user, message_seq: 5 })),
      remove(message.message_id, 9),
      ...users.slice(4).map((user) => service.create({ ...message, user_id: user, message_seq: 5 })),
    ]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ status: 409, code: 'message_changed' });
    for (const user of users) expect((await service.list(user)).body).toEqual([]);
  });

  test.each([
    ['PUT', 'x', { seq: 1, user_ids: [], body: '' }],
    ['PUT', UNKNOWN_ID, { seq: -1, user_ids: [], body: '' }],
    ['PUT', UNKNOWN_ID, { seq: 1, user_ids: [''], body: '' }],
    ['PUT', UNKNOWN_ID, { seq: 1, body: '' }],
    ['DELETE', 'x?seq=1', undefined],
    ['DELETE', UNKNOWN_ID, undefined],
  ])('%s of %s with %j is 422', async (method, path, body) => {
    expect((await service.send(method, `/notifications/messages/${path}`, body)).status).toBe(422);
  });
};

describe('messages on the embedded stores', contract(openEmbedded));
describeWith(['postgres', 'redis'], 'messages on Postgres and Redis', contract(openReal));
