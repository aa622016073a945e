/** What the store promises beyond the API's contract: at sizes where it matters, and under concurrent callers. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createLog } from '@parley/kit/process/log';
import type { Database } from '@parley/kit/stores/database';
import { openDatabase } from '@parley/kit/stores/database.open';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { describeWith, freshDatabase } from '@parley/testing/servers/servers';
import { sql } from 'drizzle-orm';
import { Registry } from 'prom-client';
import { migrations } from '../db/migrations/index.ts';
import { createMessageStore, type MessageStore } from '../messages/store.ts';
import { createNotificationMetrics } from '../metrics.ts';
import { Retention } from '../retention.ts';
import { type Notification, newNotification } from './rules.ts';
import { createNotificationStore, type NotificationStore, newestPage } from './store.ts';
import { countOfUnread, MAX_COUNTED_UNREAD, unreadInRoom } from './unread.ts';

const DAY_MS = 86_400_000;
const LIMITS = { retentionDays: 90, keyRetentionDays: 30, retentionIntervalMs: DAY_MS };

const promises = (openUrl: () => Promise<{ url: string; drop(): Promise<void> }>) => () => {
  let database: Database;
  let store: NotificationStore;
  let messages: MessageStore;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const { url, drop: dropDatabase } = await openUrl();
    drop = dropDatabase;
    database = openDatabase({ url, log: createLog('test', 'silent') });
    await database.migrate('notification', migrations);
    store = createNotificationStore(database, 1_000_000);
    messages = createMessageStore(database);
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const insertUnread = (userId: string, count: number) =>
    database.rows(sql`
      insert into notification.notifications (id, user_id, title, body, notif_type, created_at)
      select gen_random_uuid(), ${userId}, 't', 'b', 'system', now() from generate_series(1, ${count}::int)
    `);

  const createAt = async (userId: string, createdAt: number, isRead: boolean): Promise<Notification> => {
    const { notification } = await store.create(newNotification({ user_id: userId, title: 't', body: 'b' }, createdAt));
    if (isRead) await store.markRead(notification.id);
    return notification;
  };

  test('the unread count is exact up to its limit and stays there beyond', async () => {
    const user = crypto.randomUUID();
    await insertUnread(user, MAX_COUNTED_UNREAD - 1);
    expect(await store.countUnread(user)).toBe(MAX_COUNTED_UNREAD - 1);
    await insertUnread(user, 2);
    expect(await store.countUnread(user)).toBe(MAX_COUNTED_UNREAD);
  });

  test('more than one chunk is read, by two callers at the same time too', async () => {
    const user = crypto.randomUUID();
    await insertUnread(user, 12_345);
    await Promise.all([store.markAllRead(user), store.markAllRead(user)]);
    expect(await store.countUnread(user)).toBe(0);
    expect((await store.list({ userId: user, unreadOnly: false, limit: 1 }))[0]?.read).toBe(true);
  });

  test('more than one chunk of a room is read, by two callers at the same time too', async () => {
    const user = crypto.randomUUID();
    await insertUnread(user, 12_345);
    await database.rows(
      sql`update notification.notifications set room_id = 'general', position = 1 where user_id = ${user}`,
    );
    await Promise.all([store.markRoomRead(user, 'general', 1), store.markRoomRead(user, 'general', 1)]);
    expect(await store.countUnread(user)).toBe(0);
  });

  test('ids of one moment follow each other, so that a list has the order of creation', async () => {
    const user = crypto.randomUUID();
    const now = Date.now();
    const created: string[] = [];
    for (let number = 0; number < 20; number += 1) created.push((await createAt(user, now, false)).id);
    const listed = await store.list({ userId: user, unreadOnly: false, limit: 20 });
    expect(listed.map(({ id }) => id)).toEqual(created.toReversed());
  });

  test('retention deletes what was read and is older than its days, by its clock, and nothing else', async () => {
    const user = crypto.randomUUID();
    const start = Date.parse('2026-01-01T00:00:00Z');
    let now = start;
    const metrics = createNotificationMetrics({ registry: new Registry() });
    const retention = new Retention({
      store,
      messages,
      clock: () => now,
      limits: LIMITS,
      log: createLog('test', 'silent'),
      metrics,
    });
    await createAt(user, start, true);
    const [unread, younger] = [await createAt(user, start, false), await createAt(user, start + DAY_MS, true)];

    now = start + 90 * DAY_MS;
    expect(await retention.sweep()).toBe(0);
    now += 1;
    expect(await retention.sweep()).toBe(1);
    expect((await metrics.retentionDeleted.get()).values[0]?.value).toBe(1);
    const left = await store.list({ userId: user, unreadOnly: false, limit: 10 });
    expect(left.map(({ id }) => id)).toEqual([younger.id, unread.id]);
    now = start + 400 * DAY_MS;
    expect(await retention.sweep()).toBe(1);
    await store.remove(unread.id);
  });

  test('keys and known changes of messages age out by the same clock, and the same key then creates anew', async () => {
    const user = crypto.randomUUID();
    const start = Date.parse('2026-01-01T00:00:00Z');
    const messageId = crypto.randomUUID();
    const create = (at: number) =>
      store.create(newNotification({ user_id: user, title: 't', body: 'b' }, at), {
        key: { creator: 'anyone:x', text: user },
      });
    const createAbout = (at: number) =>
      store.create(newNotification({ user_id: user, title: 't', body: 'b', message_id: messageId }, at), {
        messageSeq: 1,
      });
    let now = start;
    const retention = new Retention({
      ...{ store, messages, clock: () => now, limits: LIMITS },
      ...{ log: createLog('test', 'silent'), metrics: createNotificationMetrics({ registry: new Registry() }) },
    });
    expect((await create(start)).isNew).toBe(true);
    await messages.remove(messageId, 5, new Date(start));
    now = start + 30 * DAY_MS;
    await retention.sweep();
    expect((await create(now)).isNew).toBe(false);
    await expect(createAbout(now)).rejects.toMatchObject({ code: 'message_changed' });
    now += 1;
    await retention.sweep();
    expect((await create(now)).isNew).toBe(true);
    expect((await createAbout(now)).isNew).toBe(true);
    await store.markAllRead(user);
    now = start + 400 * DAY_MS;
    await retention.sweep();
  });

  test('a person has at most the limit of unread ones: the oldest are marked as read, none is deleted', async () => {
    const user = crypto.randomUUID();
    const small = createNotificationStore(database, 3);
    const created: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      const { notification } = await small.create(
        newNotification({ user_id: user, title: 't', body: 'b' }, Date.now()),
      );
      created.push(notification.id);
    }
    const listed = await store.list({ userId: user, unreadOnly: false, limit: 10 });
    expect(listed.map(({ id, read }) => [id, read])).toEqual(created.toReversed().map((id, index) => [id, index >= 3]));
  });

  test('retention deletes more than one chunk, and two sweepers share the work', async () => {
    const user = crypto.randomUUID();
    await insertUnread(user, 11_000);
    await store.markAllRead(user);
    const sweeper = () =>
      new Retention({
        store,
        messages,
        clock: () => Date.now() + 91 * DAY_MS,
        limits: LIMITS,
        log: createLog('test', 'silent'),
        metrics: createNotificationMetrics({ registry: new Registry() }),
      });
    await Promise.all([sweeper().sweep(), sweeper().sweep()]);
    expect(await store.list({ userId: user, unreadOnly: false, limit: 1 })).toEqual([]);
  });
};

describe(
  'the notification store, embedded',
  promises(async () => ({ url: newEmbeddedUrl(), drop: async () => undefined })),
);
describeWith(['postgres'], 'the notification store on Postgres', promises(freshDatabase));

describeWith(['postgres'], 'the plans of Postgres', () => {
  test("the newest page, the unread count and a room's unread ones read through their indexes, and nothing that they filter out", async () => {
    const { url, drop } = await freshDatabase();
    const database = openDatabase({ url, log: createLog('test', 'silent') });
    await database.migrate('notification', migrations);
    await database.rows(sql`
      insert into notification.notifications (id, user_id, title, body, notif_type, room_id, position, read, created_at)
      select gen_random_uuid(), 'user ' || n % 100, 't', 'b', 'system', 'room ' || n % 3, n, n / 100 % 10 > 0, now() from generate_series(1, 20000) n
    `);
    await database.rows(sql`vacuum analyze notification.notifications`);
    const page = { userId: 'user 7', unreadOnly: false, limit: 50 };
    const queries = await database.run(async (db) => [
      newestPage(db, page).getSQL(),
      countOfUnread(db, page.userId).getSQL(),
      unreadInRoom(db, page.userId, 'room 1', 15_000).getSQL(),
    ]);
    const plans = await Promise.all(
      queries.map(async (query) => JSON.stringify(await database.rows(sql`explain (costs off) ${query}`))),
    );
    expect(plans[0]).toContain('notifications_newest');
    expect(plans[1]).toContain('notifications_unread');
    expect(plans[2]).toContain('notifications_unread_in_room');
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan|Filter/);
    await database.close();
    await drop();
  });
});
