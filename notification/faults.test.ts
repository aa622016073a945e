/** What holds while a store is away: nothing acknowledged is lost, nothing hangs, everything comes back by itself. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { ParleyError } from '@parley/client/error';
import { createLog } from '@parley/kit/process/log';
import { openBus } from '@parley/kit/stores/bus.open';
import {
  describeWith,
  freshDatabase,
  startPostgres,
  startRedis,
  type TestServer,
} from '@parley/testing/servers/servers';
import { awakeMs } from '@parley/testing/time/awake';
import { eventually } from '@parley/testing/time/eventually';
import type { Notification } from './notifications/rules.ts';
import { startTestService, type TestService } from './testing/service.ts';

const LONGEST_REQUEST_MS = 5_000;
const SENDERS = 4;

/** Creates notifications one after another until stopped, each repeated under its key until it is acknowledged. */
const startTraffic = (service: TestService, userId: string) => {
  const acknowledged: Notification[] = [];
  const statuses = new Set<number>();
  let longestMs = 0;
  let isStopped = false;

  const createUntilTaken = async (title: string): Promise<void> => {
    const key = crypto.randomUUID();
    for (;;) {
      const start = awakeMs();
      const outcome = await service.create({ user_id: userId, title }, key).catch((error: unknown) => {
        if (error instanceof ParleyError && error.status > 0) return error;
        throw error;
      });
      longestMs = Math.max(longestMs, awakeMs() - start);
      statuses.add(outcome.status);
      if (!(outcome instanceof ParleyError)) {
        acknowledged.push(outcome.body);
        return;
      }
      await Bun.sleep(20);
    }
  };
  const send = async (sender: number) => {
    for (let number = 0; !isStopped; number += 1) await createUntilTaken(`${sender}-${number}`);
  };
  const senders = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender)));
  return {
    acknowledged,
    /** Waits until this many more are acknowledged. */
    flow: (more: number) => {
      const wanted = acknowledged.length + more;
      return eventually(() => expect(acknowledged.length).toBeGreaterThanOrEqual(wanted));
    },
    sawFailures: () => statuses.has(503),
    stop: async () => {
      isStopped = true;
      await senders;
      return { statuses: [...statuses].sort(), longestMs };
    },
  };
};

const listAll = async (service: TestService, userId: string): Promise<Notification[]> => {
  const all: Notification[] = [];
  for (;;) {
    const page = (await service.list(userId, { limit: 200, before: all.at(-1)?.id })).body;
    if (page.length === 0) return all;
    all.push(...page);
  }
};

describeWith(['postgres', 'faults'], 'Postgres away under traffic', () => {
  let postgres: TestServer;
  let service: TestService;

  beforeAll(async () => {
    postgres = await startPostgres();
    service = await startTestService({ DATABASE_URL: postgres.url, REDIS_URL: 'memory:notification-faults' });
  });
  afterAll(async () => {
    await service.stop();
    await postgres.close();
  });

  const faults: [string, () => Promise<void>][] = [
    ['stopped', () => postgres.stop()],
    ['killed', () => postgres.kill()],
    ['frozen', async () => postgres.pause()],
  ];
  test.each(faults)('%s and back: what was acknowledged is there once, and no request hung', async (_, fail) => {
    const user = crypto.randomUUID();
    const traffic = startTraffic(service, user);
    await traffic.flow(20);
    await fail();
    await eventually(() => expect(traffic.sawFailures()).toBe(true));
    // A probe's answer is kept for a moment.
    await eventually(async () => expect(await service.health()).toMatchObject({ postgres: 'unavailable' }));
    if (fail === faults[2]?.[1]) postgres.resume();
    else await postgres.start();
    await traffic.flow(20);
    const { statuses, longestMs } = await traffic.stop();

    expect(statuses.filter((status) => ![200, 201, 503].includes(status))).toEqual([]);
    expect(longestMs).toBeLessThan(LONGEST_REQUEST_MS);
    const stored = await listAll(service, user);
    const byId = (all: readonly Notification[]) => all.map(({ id }) => id).sort();
    // Also none that was created without its sender knowing: a key's retry finds it.
    expect(byId(stored)).toEqual(byId(traffic.acknowledged));
    expect(new Set(stored.map(({ title }) => title)).size).toBe(stored.length);
  });
});

describeWith(['postgres', 'redis', 'faults'], 'Redis away', () => {
  test('requests work meanwhile, /health says so, and events flow again when it is back', async () => {
    const [database, redis] = await Promise.all([freshDatabase(), startRedis()]);
    const service = await startTestService({ DATABASE_URL: database.url, REDIS_URL: redis.url });
    const bus = openBus(redis.url, createLog('test', 'silent'));
    const user = crypto.randomUUID();
    const titles: unknown[] = [];
    await bus.subscribe(`user:${user}`, (text) => titles.push(JSON.parse(text).title));
    const redisHealth = async () => (await service.health()).redis;

    const work = async () => {
      const start = awakeMs();
      const { status, body } = await service.create({ user_id: user, title: 'meanwhile' });
      expect(status).toBe(201);
      for (const answer of [await service.read(body.id), await service.readAll(user), await service.remove(body.id)])
        expect(answer.status).toBe(200);
      expect(awakeMs() - start).toBeLessThan(1_000);
    };
    for (const { fail, recover } of [
      { fail: async () => redis.pause(), recover: async () => redis.resume() },
      { fail: () => redis.kill(), recover: () => redis.start() },
    ]) {
      await eventually(async () => expect(await redisHealth()).toBe('connected'));
      await fail();
      await work();
      await eventually(async () => expect(await redisHealth()).toBe('unavailable'));
      await work();
      await recover();
      await eventually(async () => {
        await service.create({ user_id: user, title: 'back' });
        expect(titles.at(-1)).toBe('back');
      });
      titles.length = 0;
    }
    await bus.close();
    await service.stop();
    await database.drop();
    await redis.close();
  });
});

describeWith(['postgres', 'redis'], 'two instances', () => {
  test('of 20 concurrent creations with one key, one creates, all answer the same, it is told once', async () => {
    const [database, redis] = await Promise.all([freshDatabase(), startRedis()]);
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url };
    const services = await Promise.all([startTestService(env), startTestService(env)]);
    const bus = openBus(redis.url, createLog('test', 'silent'));
    await eventually(() => expect(bus.isConnected).toBe(true));
    for (const service of services)
      await eventually(async () => expect(await service.health()).toMatchObject({ redis: 'connected' }));

    for (let round = 0; round < 5; round += 1) {
      const user = crypto.randomUUID();
      const events: Record<string, unknown>[] = [];
      await bus.subscribe(`user:${user}`, (text) => events.push(JSON.parse(text)));
      const attempts = Array.from({ length: 10 }).flatMap(() => services);
      const answers = await Promise.all(attempts.map((service) => service.create({ user_id: user }, `key of ${user}`)));

      expect(answers.length).toBe(20);
      expect(answers.filter(({ status }) => status === 201).length).toBe(1);
      expect(answers.filter(({ status }) => status === 200).length).toBe(19);
      for (const { body } of answers) expect(body).toEqual(answers[0]?.body as Notification);
      for (const service of services) expect((await service.list(user)).body.length).toBe(1);
      await eventually(() => expect(events.some(({ type }) => type === 'notification_count')).toBe(true));
      expect(events.filter(({ type }) => type === 'notification').length).toBe(1);
    }
    await bus.close();
    for (const service of services) await service.stop();
    await database.drop();
    await redis.close();
  });
});
