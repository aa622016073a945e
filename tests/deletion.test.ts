/**
 * Deleting a message deletes everything derived from it. The test makes one of each (message, mention, notification, push, file, thumbnail),
 * deletes the message, and searches every table, the bucket, Redis and every answer for its text.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startChat } from '@parley/chat/main';
import { callTo, request, say } from '@parley/chat/testing/http';
import { countUnreadNotifications, listNotifications } from '@parley/client/api/notification';
import { backends, type Stores, startReady } from '@parley/file/testing/backends';
import { createClient } from '@parley/file/testing/client';
import { png } from '@parley/file/testing/samples';
import type { RunningService } from '@parley/kit/process/run';
import { startNotification } from '@parley/notification/main';
import { startPushService } from '@parley/notification/testing/push-service';
import { newVapidEnvironment } from '@parley/notification/testing/vapid';
import { describeWith, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { S3Client } from 'bun';
import Redis from 'ioredis';
import postgres from 'postgres';

describeWith(['postgres', 'redis', 'minio'], 'what was deleted', () => {
  let stores: Stores;
  let redis: TestServer;
  let chat: RunningService;
  let notification: RunningService;
  let file: RunningService;
  let sql: postgres.Sql;
  let keys: Redis;
  let bucket: S3Client;
  const pushService = startPushService();
  const files = createClient(() => file.url);

  beforeAll(async () => {
    const backend = backends.find(({ needs }) => needs.includes('minio'));
    if (!backend) throw new Error('There is no backend on servers');
    [stores, redis] = await Promise.all([backend.open(), startRedis()]);
    const { DATABASE_URL = '', MINIO_ENDPOINT, MINIO_ACCESS_KEY, MINIO_SECRET_KEY, MINIO_BUCKET } = stores.env;
    const common = { PORT: '0', LOG_LEVEL: 'silent', REDIS_URL: redis.url, SHUTDOWN_TIMEOUT_MS: '1000', DATABASE_URL };
    file = await startReady(stores.env);
    notification = startNotification({ ...common, ...newVapidEnvironment(), PUSH_ALLOW_LOOPBACK: 'true' });
    await notification.ready;
    chat = startChat({ ...common, NOTIFICATION_URL: notification.url, FILE_URL: file.url });
    await chat.ready;
    sql = postgres(DATABASE_URL, { max: 1 });
    keys = new Redis(redis.url);
    bucket = new S3Client({
      ...{ endpoint: `http://${MINIO_ENDPOINT}`, bucket: MINIO_BUCKET ?? '' },
      ...{ accessKeyId: MINIO_ACCESS_KEY ?? '', secretAccessKey: MINIO_SECRET_KEY ?? '' },
    });
    await say(chat, 'general', 'hello', { user_id: 'bob', username: 'Bob' });
    // The first upload creates the bucket.
    await files.upload('something else');
    const browser = { user_id: 'bob', ...pushService.subscribe('/bob') };
    await request(notification, 'POST', '/push/subscriptions', browser);
  });
  afterAll(async () => {
    keys?.disconnect();
    await sql?.end();
    await Promise.all([chat?.stop(), notification?.stop(), file?.stop()]);
    await Promise.all([stores?.close(), redis?.close(), pushService.close()]);
  });

  /** The tables that have the text in any column. */
  const tablesWith = async (text: string): Promise<string[]> => {
    const tables = await sql<{ name: string }[]>`
      select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema in ('chat', 'notification', 'file') and table_type = 'BASE TABLE'`;
    expect(tables.length).toBeGreaterThan(10);
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await sql`select from ${sql.unsafe(name)} t where strpos(to_jsonb(t)::text, ${text}) > 0 limit 1`;
      if (rows.length > 0) found.push(name);
    }
    return found;
  };
  const objectKeys = async () => ((await bucket.list()).contents ?? []).map(({ key }) => key);
  const inRedis = async (text: string): Promise<string[]> => {
    const dumps = (await keys.keys('*')).map(async (key) =>
      [key, (await keys.dumpBuffer(key))?.toString('latin1')].join(),
    );
    return (await Promise.all(dumps)).filter((dump) => dump.includes(text));
  };
  const answerOf = async (service: RunningService, path: string): Promise<string> =>
    (await fetch(`${service.url}${path}`)).text();
  /** The names of the places that still contain the text. */
  const placesOf = async (text: string, messageId: string, fileId: string): Promise<string[]> => {
    const answers: Record<string, string> = {
      history: await answerOf(chat, '/rooms/general/messages?limit=200'),
      message: await answerOf(chat, `/rooms/general/messages/${messageId}`),
      notifications: await answerOf(notification, '/notifications/bob?limit=200'),
      files: await answerOf(file, '/files?limit=200'),
      'file metadata': await answerOf(file, `/${fileId}`),
    };
    const inAnswers = Object.keys(answers).filter((name) => answers[name]?.includes(text));
    return [...(await tablesWith(text)), ...(await inRedis(text)), ...inAnswers].toSorted();
  };
  const bell = async () =>
    (await callTo({ notification: notification.url })(countUnreadNotifications, { user_id: 'bob' })).unread_count;
  const pushed = (text: string) => pushService.received.filter((push) => push.text?.includes(text));

  test('is gone everywhere: text, notification, count, push, file, thumbnail', async () => {
    const secret = `secret-${crypto.randomUUID()}`;
    const before = await objectKeys();
    const picture = await files.upload(png(900, 700), `${secret}.png`, 'image/png', {
      uploaded_by: 'alice',
      room_id: 'general',
    });
    expect((await files.ask(`/${picture.id}/thumbnail`)).status).toBe(200);
    const { id } = await say(chat, 'general', `@Bob ${secret}`, { file_url: `${picture.download_url}#w=900&h=700` });
    await eventually(() => expect(pushed(secret).length).toBe(1));
    // First the text is everywhere, so that finding none later proves something.
    expect(await placesOf(secret, id, picture.id)).toEqual(
      expect.arrayContaining(['chat.messages', 'notification.notifications', 'history', 'message', 'notifications']),
    );
    expect((await objectKeys()).length).toBeGreaterThanOrEqual(before.length + 2);
    expect(await bell()).toBe(1);

    await request(chat, 'DELETE', `/rooms/general/messages/${id}?user_id=alice`);
    await eventually(async () => {
      expect(await placesOf(secret, id, picture.id)).toEqual([]);
      expect(await objectKeys()).toEqual(before);
      expect(await bell()).toBe(0);
      expect(pushService.received.map(({ text }) => JSON.parse(text ?? '{}'))).toContainEqual(
        expect.objectContaining({ message_id: id, change: 'retracted' }),
      );
    });
    for (const path of ['', '/download', '/thumbnail'])
      expect((await files.ask(`/${picture.id}${path}`)).status).toBe(404);
    expect(pushed(secret).length).toBe(1);
  });

  test('takes no file along that another message refers to, nor one of somebody else', async () => {
    const [mine, bobs] = [
      await files.upload(png(10, 10), 'mine.png', 'image/png', { uploaded_by: 'alice' }),
      await files.upload(png(10, 10), 'bobs.png', 'image/png', { uploaded_by: 'bob' }),
    ];
    const post = (url: string, user = 'alice') =>
      say(chat, 'general', 'see', { user_id: user, username: user, file_url: url });
    const [first, again, stolen] = [
      await post(mine.download_url),
      await post(mine.download_url),
      await post(bobs.download_url),
    ];
    const remove = ({ id, user_id }: { id: string; user_id: string }) =>
      request(chat, 'DELETE', `/rooms/general/messages/${id}?user_id=${user_id}`);
    const settled = () =>
      eventually(async () =>
        expect(await sql`select from chat.outbox_entries where delivered_at is null`).toHaveLength(0),
      );
    await remove(first);
    await remove(stolen);
    await settled();
    for (const { id } of [mine, bobs]) expect((await files.ask(`/${id}/download`)).status).toBe(200);
    await remove(again);
    await eventually(async () => expect((await files.ask(`/${mine.id}/download`)).status).toBe(404));
    expect((await files.ask(`/${bobs.id}/download`)).status).toBe(200);
  });

  test('in an edit is gone, too', async () => {
    const [secret, corrected] = [`secret-${crypto.randomUUID()}`, `corrected-${crypto.randomUUID()}`];
    const { id } = await say(chat, 'general', `@Bob ${secret}`);
    await eventually(() => expect(pushed(secret).length).toBe(1));
    await request(chat, 'PATCH', `/rooms/general/messages/${id}`, { user_id: 'alice', content: `@Bob ${corrected}` });
    await eventually(async () => {
      expect(await placesOf(secret, id, crypto.randomUUID())).toEqual([]);
      const [newest] = await callTo({ notification: notification.url })(listNotifications, { user_id: 'bob' });
      expect(newest?.body).toBe(`@Bob ${corrected}`);
      expect(JSON.parse(pushed(corrected)[0]?.text ?? '{}')).toMatchObject({ change: 'corrected' });
    });
  });
});
