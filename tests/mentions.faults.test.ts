/**
 * Mentions on real stores, with what may go wrong on the way to the notification service: it hangs, it is away, its answer is lost,
 * chat is killed. A post office between the two, which the test commands, makes it so.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect, type TestClient } from '@parley/chat/testing/client';
import { request, say } from '@parley/chat/testing/http';
import { createIdentity } from '@parley/kit/identity';
import type { RunningService } from '@parley/kit/run';
import { eventually } from '@parley/kit/testing/eventually';
import {
  describeWith,
  type FreshDatabase,
  freshDatabase,
  startRedis,
  type TestServer,
} from '@parley/kit/testing/servers';
import { startServiceProcess } from '@parley/kit/testing/service';
import { startNotification } from '@parley/notification/main';
import type { Notification } from '@parley/notification/notifications/notification';
import postgres from 'postgres';

const SECRET = 'a secret of more than 32 characters';
const identity = createIdentity(SECRET);

type Mode = 'pass on' | 'never answer' | 'pass on and lose the answer' | 'refuse';

/** Stands where chat thinks that the notification service is. */
const openPostOffice = (targetUrl: () => string) => {
  const office = { mode: 'pass on' as Mode, posted: [] as string[] };
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (incoming) => {
      const body = await incoming.text();
      office.posted.push(body);
      if (office.mode === 'never answer') return new Promise<Response>(() => undefined);
      if (office.mode === 'refuse') return new Response('{}', { status: 503 });
      const { pathname } = new URL(incoming.url);
      const lose = office.mode === 'pass on and lose the answer';
      const answer = await fetch(`${targetUrl()}${pathname}`, { method: 'POST', headers: incoming.headers, body });
      return lose ? new Response('{}', { status: 500 }) : new Response(await answer.text(), { status: answer.status });
    },
  });
  return Object.assign(office, { url: server.url.origin, close: () => server.stop(true) });
};

describeWith(['postgres', 'redis'], 'a mention on its way', () => {
  let database: FreshDatabase;
  let redis: TestServer;
  let notification: RunningService;
  let office: ReturnType<typeof openPostOffice>;
  /** Two replicas of chat, of which the first is killed. */
  let chat: TestServer;
  let other: TestServer;
  let sql: postgres.Sql;

  beforeAll(async () => {
    [database, redis] = await Promise.all([freshDatabase(), startRedis()]);
    const stores = { DATABASE_URL: database.url, REDIS_URL: redis.url, AUTH_SECRET: SECRET, LOG_LEVEL: 'silent' };
    notification = startNotification({ ...stores, PORT: '0', SHUTDOWN_TIMEOUT_MS: '1000' });
    await notification.ready;
    office = openPostOffice(() => notification.url);
    const env = { ...stores, NOTIFICATION_URL: office.url };
    [chat, other] = await Promise.all([startServiceProcess('chat', env), startServiceProcess('chat', env)]);
    sql = postgres(database.url, { max: 1 });
    for (const user of ['alice', 'bob', 'carol']) await write(user, 'hello');
  });
  afterAll(async () => {
    await Promise.all([chat?.close(), other?.close(), notification?.stop(), sql?.end()]);
    office?.close();
    await Promise.all([database?.drop(), redis?.close()]);
  });

  const tokenOf = async (user: string) => ({ authorization: `Bearer ${await identity.sign(user, 60)}` });
  const write = async (user: string, content: string) =>
    say(chat, 'general', content, { user_id: user, username: user }, await tokenOf(user));
  const toldTo = async (user: string, unique: string): Promise<Notification[]> => {
    const path = `/notifications/${user}?limit=200`;
    const { body } = await request<Notification[]>(notification, 'GET', path, undefined, await tokenOf(user));
    return body.filter(({ body: text }) => text.includes(unique));
  };
  /** Instead of waiting for the next attempt. */
  const hurry = () => sql`update chat.outbox set next_attempt_at = now() where delivered_at is null`;
  const waiting = async () => (await sql`select from chat.outbox where delivered_at is null`).length;
  const expectToldOnce = async (user: string, unique: string) => {
    await eventually(async () => {
      await hurry();
      expect(await waiting()).toBe(0);
    });
    expect((await toldTo(user, unique)).length).toBe(1);
  };
  const isPosted = (unique: string) => office.posted.filter((body) => body.includes(unique)).length;
  const wsUrlOf = ({ url }: TestServer) => ({ wsUrl: url.replace('http', 'ws') });

  test('reaches someone who is away, with who wrote what and where', async () => {
    const unique = crypto.randomUUID();
    const { id, position } = await write('alice', `@bob ${unique}`);
    // Not hurried: an attempt beside the first would be posted too.
    await eventually(async () => expect(await waiting()).toBe(0));
    expect(await toldTo('bob', unique)).toMatchObject([
      {
        ...{ user_id: 'bob', title: 'alice mentioned you', body: `@bob ${unique}`, notif_type: 'mention' },
        ...{ room_id: 'general', from_user: 'alice', message_id: id, position, read: false },
      },
    ]);
    expect(isPosted(unique)).toBe(1);
  });

  test('is told once when the answer is lost and it is posted again', async () => {
    const unique = crypto.randomUUID();
    office.mode = 'pass on and lose the answer';
    await write('alice', `@bob ${unique}`);
    await eventually(async () => expect((await toldTo('bob', unique)).length).toBe(1));
    office.mode = 'pass on';
    await expectToldOnce('bob', unique);
    expect(isPosted(unique)).toBeGreaterThan(1);
  });

  test('is told once when chat is killed between storing and telling', async () => {
    const unique = crypto.randomUUID();
    office.mode = 'never answer';
    await write('alice', `@bob ${unique}`);
    await eventually(() => expect(isPosted(unique)).toBeGreaterThan(0));
    await chat.kill();
    office.mode = 'pass on';
    await chat.start();
    await expectToldOnce('bob', unique);
  });

  test('waits while nobody takes it, and others behind it do not get lost', async () => {
    const uniques = Array.from({ length: 30 }, () => crypto.randomUUID());
    office.mode = 'refuse';
    for (const unique of uniques) await write('alice', `@bob @carol ${unique}`);
    await eventually(() => expect(office.posted.length).toBeGreaterThan(uniques.length));
    expect(await waiting()).toBe(2 * uniques.length);
    office.mode = 'pass on';
    for (const unique of uniques) for (const user of ['bob', 'carol']) await expectToldOnce(user, unique);
  });

  test('of an edit reaches the newly mentioned only; none reaches oneself or comes out of code', async () => {
    const unique = crypto.randomUUID();
    const { id } = await write('alice', `@alice @bob \`@carol\` ${unique}`);
    await expectToldOnce('bob', unique);
    const edit = { user_id: 'alice', content: `@alice @bob @carol ${unique}` };
    await request(chat, 'PATCH', `/rooms/general/messages/${id}`, edit, await tokenOf('alice'));
    await expectToldOnce('carol', unique);
    const told = await Promise.all(['alice', 'bob', 'carol'].map((user) => toldTo(user, unique)));
    expect(told.map(({ length }) => length)).toEqual([0, 1, 1]);
  });

  test('shows in every open tab of its reader, on any replica and in any room, as does the count when it is read', async () => {
    const unique = crypto.randomUUID();
    const token = await identity.sign('bob', 60);
    const tabs: TestClient[] = [
      await connect(wsUrlOf(chat), { room: 'general', user: 'bob', token }),
      await connect(wsUrlOf(other), { room: 'random', user: 'bob', token }),
    ];
    const carol = await connect(wsUrlOf(chat), { user: 'carol', token: await identity.sign('carol', 60) });
    for (const client of [...tabs, carol]) await client.joined();
    await write('alice', `@bob ${unique}`);
    const heard = await Promise.all(tabs.map((tab) => tab.waitFor(({ type }) => type === 'notification')));
    const [stored] = await toldTo('bob', unique);
    for (const frame of heard) expect<unknown>(frame).toEqual({ type: 'notification', ...stored });
    await request(notification, 'PATCH', `/notifications/${stored?.id}/read`, undefined, await tokenOf('bob'));
    const { body } = await request(
      notification,
      'GET',
      '/notifications/bob/unread-count',
      undefined,
      await tokenOf('bob'),
    );
    for (const tab of tabs)
      await tab.waitFor((frame) => frame.type === 'notification_count' && frame.unread_count === body.unread_count);
    expect(carol.frames.map(({ type }) => type)).not.toContain('notification');
    await Promise.all([...tabs, carol].map((client) => client.close()));
  });
});
