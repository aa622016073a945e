/**
 * Mentions on real stores, with faults on the way to the notification service: it hangs, it is away, its answer is lost, chat is killed.
 * A proxy between the two services, controlled by the test, causes them.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect, type TestClient } from '@parley/chat/testing/client';
import { callTo, request, say } from '@parley/chat/testing/http';
import { countUnreadNotifications, listNotifications, type Notification } from '@parley/client/api/notification';
import { createIdentity } from '@parley/kit/identity/identity';
import type { RunningService } from '@parley/kit/process/run';
import { startNotification } from '@parley/notification/main';
import {
  describeWith,
  type FreshDatabase,
  freshDatabase,
  startRedis,
  type TestServer,
} from '@parley/testing/servers/servers';
import { startServiceProcess } from '@parley/testing/servers/service';
import { eventually } from '@parley/testing/time/eventually';
import postgres from 'postgres';

const SECRET = 'a secret of more than 32 characters';
const identity = createIdentity(SECRET);

type Mode = 'pass on' | 'never answer' | 'pass on and lose the answer' | 'refuse';

/** A proxy at the address that chat has for the notification service. */
const openPostOffice = (targetUrl: () => string) => {
  const office = {
    mode: 'pass on' as Mode,
    posted: [] as string[],
    /** While set, deliveries wait for it; it resolves with the statuses to answer. */
    hold: undefined as Promise<void> | undefined,
    late: [] as number[],
  };
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (incoming) => {
      const body = await incoming.text();
      office.posted.push(`${incoming.method} ${incoming.url} ${body}`);
      if (office.mode === 'never answer') return new Promise<Response>(() => undefined);
      if (office.mode === 'refuse') return new Response('{}', { status: 503 });
      const { pathname, search } = new URL(incoming.url);
      const { hold } = office;
      await hold;
      const lose = office.mode === 'pass on and lose the answer';
      const { method, headers } = incoming;
      const answer = await fetch(`${targetUrl()}${pathname}${search}`, { method, headers, body: body || null }).catch(
        // The service is being killed.
        () => new Response('{}', { status: 502 }),
      );
      if (hold) office.late.push(answer.status);
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
  /** Two replicas of chat. Tests kill the first. */
  let chat: TestServer;
  let other: TestServer;
  let sql: postgres.Sql;

  const stores = () => ({
    ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, AUTH_SECRET: SECRET, LOG_LEVEL: 'silent' },
  });
  beforeAll(async () => {
    [database, redis] = await Promise.all([freshDatabase(), startRedis()]);
    notification = startNotification({ ...stores(), PORT: '0', SHUTDOWN_TIMEOUT_MS: '1000' });
    await notification.ready;
    office = openPostOffice(() => notification.url);
    const env = { ...stores(), NOTIFICATION_URL: office.url };
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
    const call = callTo({ notification: notification.url }, await tokenOf(user));
    const told = await call(listNotifications, { user_id: user, limit: 200 });
    return told.filter(({ body: text }) => text.includes(unique));
  };
  /** Makes waiting deliveries due now, instead of waiting for the next attempt. */
  const hurry = () => sql`update chat.outbox_entries set next_attempt_at = now() where delivered_at is null`;
  const waiting = async () => (await sql`select from chat.outbox_entries where delivered_at is null`).length;
  const expectToldOnce = async (user: string, unique: string) => {
    await eventually(async () => {
      await hurry();
      expect(await waiting()).toBe(0);
    });
    expect((await toldTo(user, unique)).length).toBe(1);
  };
  const isPosted = (unique: string) =>
    office.posted.filter((posted) => posted.startsWith('POST') && posted.includes(unique)).length;
  const wsUrlOf = ({ url }: TestServer) => ({ wsUrl: url.replace('http', 'ws') });

  test('reaches someone who is away, with who wrote what and where', async () => {
    const unique = crypto.randomUUID();
    const { id, position } = await write('alice', `@bob ${unique}`);
    // Without making it due: a second attempt would run beside the first.
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

  const edit = async (id: string, content: string) =>
    request(chat, 'PATCH', `/rooms/general/messages/${id}`, { user_id: 'alice', content }, await tokenOf('alice'));
  const remove = async (id: string) =>
    request(chat, 'DELETE', `/rooms/general/messages/${id}?user_id=alice`, undefined, await tokenOf('alice'));
  const emptyOutbox = () =>
    eventually(async () => {
      await hurry();
      expect(await waiting()).toBe(0);
    });
  const unreadOf = async (user: string) => {
    const call = callTo({ notification: notification.url }, await tokenOf(user));
    return (await call(countUnreadNotifications, { user_id: user })).unread_count;
  };

  test('that is deleted is gone from the list and the count, after it was told and before', async () => {
    const [told, untold] = [crypto.randomUUID(), crypto.randomUUID()];
    const before = await unreadOf('bob');
    const { id } = await write('alice', `@bob ${told}`);
    await expectToldOnce('bob', told);
    expect(await unreadOf('bob')).toBe(before + 1);
    await remove(id);
    office.mode = 'refuse';
    const waits = await write('alice', `@bob ${untold}`);
    await eventually(() => expect(isPosted(untold)).toBeGreaterThan(0));
    await remove(waits.id);
    office.mode = 'pass on';
    await emptyOutbox();
    expect([await toldTo('bob', told), await toldTo('bob', untold)]).toEqual([[], []]);
    expect(await unreadOf('bob')).toBe(before);
  });

  test('that is edited has the new text, and is gone for whom it no longer mentions', async () => {
    const [old, unique] = [crypto.randomUUID(), crypto.randomUUID()];
    const { id } = await write('alice', `@bob @carol ${old}`);
    await expectToldOnce('carol', old);
    await edit(id, `@bob ${unique}`);
    await emptyOutbox();
    expect(await toldTo('bob', unique)).toMatchObject([{ body: `@bob ${unique}`, message_id: id }]);
    expect([await toldTo('bob', old), await toldTo('carol', old), await toldTo('carol', unique)]).toEqual([[], [], []]);
    await edit(id, `@carol ${unique}`);
    await emptyOutbox();
    expect([(await toldTo('bob', unique)).length, (await toldTo('carol', unique)).length]).toEqual([0, 1]);
  });

  test('whose creation arrives only after its deletion is not created', async () => {
    const unique = crypto.randomUUID();
    const held = Promise.withResolvers<void>();
    office.hold = held.promise;
    const { id } = await write('alice', `@bob ${unique}`);
    await eventually(() => expect(isPosted(unique)).toBe(1));
    office.hold = undefined;
    await remove(id);
    await emptyOutbox();
    held.resolve();
    await eventually(() => expect(office.late).toEqual([409]));
    expect(await toldTo('bob', unique)).toEqual([]);
  });

  test.each(['chat', 'notification'])(
    'ends in the state of its message, whatever is edited and deleted while %s is killed again and again',
    async (victim) => {
      const messages: { unique: string; number: number; id: string }[] = [];
      for (let number = 0; number < 12; number += 1) {
        const unique = crypto.randomUUID();
        messages.push({ unique, number, id: (await write('alice', `@bob @carol ${unique}`)).id });
      }
      const kill = async () => {
        if (victim === 'chat') {
          await chat.kill();
          return chat.start();
        }
        const { port } = notification;
        await notification.stop();
        notification = startNotification({ ...stores(), PORT: String(port), SHUTDOWN_TIMEOUT_MS: '1' });
        return notification.ready;
      };
      const change = async ({ id, number, unique }: (typeof messages)[number]) => {
        if (number % 3 === 0) await remove(id);
        else await edit(id, number % 3 === 1 ? `@carol ${unique} edited` : `@bob @carol ${unique} edited`);
      };
      office.mode = 'pass on and lose the answer';
      for (const half of [messages.slice(0, 6), messages.slice(6)]) {
        for (const message of half) await change(message);
        await hurry();
        await kill();
      }
      office.mode = 'pass on';
      await emptyOutbox();
      for (const { unique, number } of messages) {
        const [bobs, carols] = await Promise.all([toldTo('bob', unique), toldTo('carol', unique)]);
        const expected = [[], [`@carol ${unique} edited`], [`@bob @carol ${unique} edited`]][number % 3] as string[];
        expect(carols.map(({ body }) => body)).toEqual(expected);
        expect(bobs.map(({ body }) => body)).toEqual(number % 3 === 2 ? expected : []);
      }
    },
  );

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
    const unread = await unreadOf('bob');
    for (const tab of tabs)
      await tab.waitFor((frame) => frame.type === 'notification_count' && frame.unread_count === unread);
    expect(carol.frames.map(({ type }) => type)).not.toContain('notification');
    await Promise.all([...tabs, carol].map((client) => client.close()));
  });
});
