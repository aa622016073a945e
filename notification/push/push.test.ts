/** Web Push from the subscription to what the browser decrypts. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test';
import { createLog } from '@parley/kit/process/log';
import type { Database } from '@parley/kit/stores/database';
import { openDatabase } from '@parley/kit/stores/database.open';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { awakeMs } from '@parley/testing/time/awake';
import { eventually } from '@parley/testing/time/eventually';
import { created, startPushService } from '../testing/push-service.ts';
import { embeddedStores, startTestService, type TestService } from '../testing/service.ts';
import { newVapidEnvironment } from '../testing/vapid.ts';

const vapid = newVapidEnvironment();
const pushEnv = { ...vapid, PUSH_ALLOW_LOOPBACK: 'true' };

/** Kept open for all services of this file: an embedded database takes seconds to make. */
const databaseUrl = newEmbeddedUrl();
let database: Database;
beforeAll(async () => {
  database = openDatabase({ url: databaseUrl, log: createLog('test', 'silent') });
  await database.probe();
});
afterAll(() => database.close());

/** Each test has users of its own. */
let alice: string;
let carol: string;
beforeEach(() => {
  [alice, carol] = [`alice ${crypto.randomUUID()}`, `carol ${crypto.randomUUID()}`];
});

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const openService = async (env: Record<string, string> = {}): Promise<TestService> => {
  const service = await startTestService({ ...embeddedStores(), DATABASE_URL: databaseUrl, ...pushEnv, ...env });
  opened.push(service.stop);
  return service;
};

const openPushService = (answer?: Parameters<typeof startPushService>[0]) => {
  const service = startPushService(answer);
  opened.push(service.close);
  return service;
};

const mention = { title: 'You were mentioned', notif_type: 'mention', from_user: 'bob' } as const;

test('a mention reaches each of the user’s browsers, encrypted for it and signed by the operator', async () => {
  const [service, pushService] = [await openService(), openPushService()];
  expect(await service.send('GET', '/push/key')).toEqual({ status: 200, body: { public_key: vapid.VAPID_PUBLIC_KEY } });
  for (const browser of [pushService.subscribe(), pushService.subscribe()]) {
    const answer = await service.send('POST', '/push/subscriptions', { user_id: alice, ...browser });
    expect(answer).toEqual({ status: 201, body: { status: 'subscribed' } });
  }

  const messageId = crypto.randomUUID();
  const { body } = await service.create({
    ...{ user_id: alice, ...mention, body: 'Grüße 👋', room_id: 'general' },
    ...{ message_id: messageId, position: 7 },
  });
  await eventually(() => expect(pushService.received.length).toBe(2));
  for (const { text, vapidKey, ttl } of pushService.received) {
    const { id, title, notif_type, room_id, from_user } = body;
    expect(JSON.parse(text ?? '')).toEqual({
      ...{ id, title, body: 'Grüße 👋', notif_type, room_id, from_user },
      ...{ message_id: messageId, position: 7 },
    });
    expect(vapidKey).toBe(vapid.VAPID_PUBLIC_KEY);
    expect(Number(ttl)).toBeGreaterThan(0);
  }
  await eventually(async () => expect(await service.metric('parley_push_sent_total', 'delivered')).toBe(2));
});

test('only mentions are pushed, once each, and only to their user', async () => {
  const [service, pushService] = [await openService(), openPushService()];
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...pushService.subscribe('/alice') });
  await service.send('POST', '/push/subscriptions', { user_id: carol, ...pushService.subscribe('/carol') });
  await service.create({ user_id: alice, ...mention, notif_type: 'message' });
  await service.create({ user_id: alice, ...mention }, `${alice} key`);
  await service.create({ user_id: alice, ...mention }, `${alice} key`);
  await service.create({ user_id: alice, ...mention, body: 'last' });
  await eventually(() => expect(pushService.received.length).toBe(2));
  expect(pushService.received.map(({ path }) => path)).toEqual(['/alice', '/alice']);
  expect(pushService.received.filter(({ text }) => text?.includes('last')).length).toBe(1);
});

test('an unsubscribed browser gets nothing more, and only its own user can unsubscribe it', async () => {
  const [service, pushService] = [await openService(), openPushService()];
  const [gone, stays] = [pushService.subscribe('/gone'), pushService.subscribe('/stays')];
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...gone });
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...stays });
  const unsubscribe = (userId: string, endpoint: string) =>
    service.send('DELETE', '/push/subscriptions', { user_id: userId, endpoint });
  expect(await unsubscribe(alice, gone.endpoint)).toEqual({ status: 200, body: { status: 'unsubscribed' } });
  expect((await unsubscribe('mallory', stays.endpoint)).status).toBe(200);

  await service.create({ user_id: alice, ...mention });
  await eventually(() => expect(pushService.received.length).toBe(1));
  expect(pushService.received[0]?.path).toBe('/stays');
});

test('a browser belongs to whoever subscribed it last', async () => {
  const [service, pushService] = [await openService(), openPushService()];
  const browser = pushService.subscribe();
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...browser });
  await service.send('POST', '/push/subscriptions', { user_id: carol, ...browser });
  await service.create({ user_id: alice, ...mention, body: "alice's" });
  await service.create({ ...mention, user_id: carol, body: "carol's" });
  await eventually(() => expect(pushService.received.length).toBe(1));
  expect(pushService.received[0]?.text).toContain("carol's");
});

test('a user has at most ten browsers, the newest', async () => {
  const [service, pushService] = [await openService(), openPushService()];
  for (let number = 1; number <= 12; number += 1) {
    await service.send('POST', '/push/subscriptions', { user_id: alice, ...pushService.subscribe(`/${number}`) });
    // In a moment of its own: which of two of one moment is newer, nobody knows.
    await Bun.sleep(2);
  }
  await service.create({ user_id: alice, ...mention });
  await eventually(() => expect(pushService.received.length).toBe(10));
  expect(pushService.received.map(({ path }) => path).sort()).toEqual(
    ['3', '4', '5', '6', '7', '8', '9', '10', '11', '12'].map((number) => `/${number}`).sort(),
  );
});

test.each([404, 410])('a browser that is gone (%p) is dropped, one that is refused is kept', async (status) => {
  const service = await openService();
  const pushService = openPushService((path) => new Response(null, { status: path === '/gone' ? status : 429 }));
  for (const path of ['/gone', '/busy'])
    await service.send('POST', '/push/subscriptions', { user_id: alice, ...pushService.subscribe(path) });
  await service.create({ user_id: alice, ...mention });
  await eventually(async () => {
    expect(await service.metric('parley_push_sent_total', 'gone')).toBe(1);
    expect(await service.metric('parley_push_sent_total', 'refused')).toBe(1);
  });
  await service.create({ user_id: alice, ...mention });
  await eventually(async () => expect(await service.metric('parley_push_sent_total', 'refused')).toBe(2));
  expect(pushService.received.map(({ path }) => path).sort()).toEqual(['/busy', '/busy', '/gone']);
});

test('a push service that never answers slows no request, and what does not fit the queue is counted', async () => {
  const released = Promise.withResolvers<Response>();
  opened.push(() => released.resolve(created()));
  const service = await openService({ PUSH_QUEUE_LIMIT: '3', PUSH_CONCURRENCY: '2', PUSH_TIMEOUT_MS: '60000' });
  const pushService = openPushService(() => released.promise);
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...pushService.subscribe() });

  for (let number = 1; number <= 10; number += 1) {
    const start = awakeMs();
    expect((await service.create({ user_id: alice, ...mention })).status).toBe(201);
    expect(awakeMs() - start).toBeLessThan(1_000);
  }
  // The sender makes one request at a time to a browser.
  await eventually(async () => {
    expect(pushService.received.length).toBe(1);
    expect(await service.metric('parley_push_dropped_total', 'full')).toBe(6);
    expect(await service.metric('parley_push_waiting')).toBe(3);
  });
  expect(await service.countUnread(alice)).toBe(10);
});

test.each(['another', 'the same'])(
  'who mentions themself 24 times towards a push service that never answers delays nobody’s push by %s service',
  async (whose) => {
    const released = Promise.withResolvers<Response>();
    opened.push(() => released.resolve(created()));
    const service = await openService({ PUSH_TIMEOUT_MS: '60000' });
    const hanging = openPushService((path) => (path.startsWith('/mallory') ? released.promise : created()));
    const good = whose === 'another' ? openPushService() : hanging;
    const mallory = `mallory ${crypto.randomUUID()}`;
    for (let number = 1; number <= 10; number += 1)
      await service.send('POST', '/push/subscriptions', {
        user_id: mallory,
        ...hanging.subscribe(`/mallory${number}`),
      });
    await service.send('POST', '/push/subscriptions', { user_id: alice, ...good.subscribe('/alice') });
    for (let number = 1; number <= 24; number += 1) await service.create({ user_id: mallory, ...mention });
    await service.create({ user_id: alice, ...mention });
    // None of Mallory's has been answered, and none will be.
    await eventually(() => expect(good.received.map(({ path }) => path)).toContain('/alice'));
    expect(hanging.received.filter(({ path }) => path !== '/alice').length).toBeLessThanOrEqual(4);
  },
);

test('what was deleted before its turn is not pushed, and what was shown is taken back', async () => {
  const released = Promise.withResolvers<Response>();
  opened.push(() => released.resolve(created()));
  const service = await openService({ PUSH_TIMEOUT_MS: '60000' });
  let isHeld = true;
  const pushService = openPushService(() => (isHeld ? released.promise : created()));
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...pushService.subscribe() });
  const [shown, waiting] = [crypto.randomUUID(), crypto.randomUUID()];
  const about = (id: string) => ({ user_id: alice, ...mention, room_id: 'general', message_id: id, position: 7 });
  const { body: first } = await service.create({ ...about(shown), body: 'a secret' });
  await eventually(() => expect(pushService.received.length).toBe(1));
  await service.create({ ...about(waiting), body: 'another secret' });
  for (const id of [waiting, shown])
    expect((await service.send('DELETE', `/notifications/messages/${id}?seq=9`)).status).toBe(200);
  isHeld = false;
  released.resolve(created());
  await eventually(async () => {
    expect(pushService.received.map(({ text }) => text)).toContainEqual(
      JSON.stringify({ id: first.id, room_id: 'general', message_id: shown, position: 7, change: 'retracted' }),
    );
    expect(await service.metric('parley_push_sent_total', 'moot')).toBeGreaterThan(0);
    expect(await service.metric('parley_push_waiting')).toBe(0);
  });
  expect(pushService.received.filter(({ text }) => text?.includes('another secret'))).toEqual([]);
  // A push service that still has the first for a browser that is offline replaces it by what takes it back.
  const topics = pushService.received.filter(({ text }) => text?.includes(first.id)).map(({ topic }) => topic);
  expect(topics).toEqual([first.id.replaceAll('-', ''), first.id.replaceAll('-', '')]);
});

test('an edit replaces what is shown by the new text; what the person deleted or was never pushed stays so', async () => {
  const [service, pushService] = [await openService(), openPushService()];
  const id = crypto.randomUUID();
  const about = { user_id: alice, ...mention, message_id: id };
  const unpushed = (await service.create({ ...about, body: 'old' })).body;
  await eventually(async () => expect(await service.metric('parley_push_waiting')).toBe(0));
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...pushService.subscribe() });
  const gone = (await service.create({ ...about, body: 'old' })).body;
  const stays = (await service.create({ ...about, body: 'old' })).body;
  await eventually(() => expect(pushService.received.length).toBe(2));
  await service.remove(gone.id);
  await service.send('PUT', `/notifications/messages/${id}`, { seq: 9, user_ids: [alice], body: 'new' });
  await eventually(() => {
    const corrected = pushService.received.map(({ text }) => JSON.parse(text ?? '')).filter(({ change }) => change);
    expect(corrected.find((one) => one.id === stays.id)).toMatchObject({ body: 'new', change: 'corrected' });
    expect(corrected.map((one) => one.id)).not.toContain(gone.id);
  });
  expect(unpushed.id).not.toBe(stays.id);
});

test('a push service that takes too long is given up', async () => {
  const service = await openService({ PUSH_TIMEOUT_MS: '50' });
  const pushService = openPushService(() => new Promise(() => undefined));
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...pushService.subscribe() });
  await service.create({ user_id: alice, ...mention });
  await eventually(async () => expect(await service.metric('parley_push_sent_total', 'failed')).toBe(1));
});

test('a push service that redirects is not followed', async () => {
  const service = await openService();
  const pushService = openPushService(
    (path) => new Response(null, { status: 307, headers: { location: `${path}/x` } }),
  );
  await service.send('POST', '/push/subscriptions', { user_id: alice, ...pushService.subscribe('/start') });
  await service.create({ user_id: alice, ...mention });
  await eventually(async () => expect(await service.metric('parley_push_sent_total', 'failed')).toBe(1));
  expect(pushService.received.map(({ path }) => path)).toEqual(['/start']);
});

test('without keys push is off and says so everywhere, and notifications work', async () => {
  const service = await openService({ VAPID_PUBLIC_KEY: '', VAPID_PRIVATE_KEY: '', VAPID_SUBJECT: '' });
  const pushService = openPushService();
  const browser = { user_id: alice, ...pushService.subscribe() };
  for (const answer of [
    await service.send('GET', '/push/key'),
    await service.send('POST', '/push/subscriptions', browser),
    await service.send('DELETE', '/push/subscriptions', browser),
  ])
    expect(answer).toMatchObject({ status: 503, body: { code: 'push_disabled' } });
  expect(await service.health()).toMatchObject({ push: 'push_disabled' });
  expect((await service.create({ user_id: alice, ...mention })).status).toBe(201);
});

test('a subscription that could be used against the network, or not at all, is 422', async () => {
  const service = await openService({ PUSH_ALLOW_LOOPBACK: 'false' });
  const { keys } = openPushService().subscribe();
  const subscribe = (endpoint: string, changed: Partial<typeof keys> = {}) =>
    service.send('POST', '/push/subscriptions', { user_id: alice, endpoint, keys: { ...keys, ...changed } });
  const good = 'https://push.example.org/abc';
  expect((await subscribe(good)).status).toBe(201);
  const refused = [
    'http://push.example.org/abc',
    'https://127.0.0.1/x',
    'https://localhost/x',
    'https://[::1]/x',
    'nothing',
  ];
  for (const endpoint of refused) expect((await subscribe(endpoint)).status).toBe(422);
  expect((await subscribe(good, { auth: 'short' })).status).toBe(422);
  expect((await subscribe(good, { p256dh: `B${'A'.repeat(86)}` })).status).toBe(422);
});
