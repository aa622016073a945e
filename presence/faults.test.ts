/** Redis is killed, restarted and frozen under traffic: requests are refused in time with a reason, then served again. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { RunningService } from '@parley/kit/process/run';
import { setPrimary } from '@parley/testing/servers/redis';
import { describeWith, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { awakeMs } from '@parley/testing/time/awake';
import { eventually } from '@parley/testing/time/eventually';
import { Redis } from 'ioredis';
import { hearChanges, startReplica } from './testing/backends.ts';

const CLIENTS = 8;
const REFUSED_WITHIN_MS = 2_000;
const NOTHING_HANGS_MS = 5_000;

interface Answered {
  readonly status: number;
  readonly detail: string;
  readonly tookMs: number;
}

describeWith(['redis', 'faults'], 'presence without Redis', () => {
  let redis: TestServer;
  let replicas: RunningService[];

  beforeAll(async () => {
    redis = await startRedis();
    const env = { PRESENCE_TTL_S: '1', SWEEP_INTERVAL_MS: '50' };
    replicas = [await startReplica(redis.url, env), await startReplica(redis.url, env)];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await redis.close();
  });

  const url = (at = 0) => replicas[at % replicas.length]?.url;
  const call = async (path: string, method = 'GET', at = 0): Promise<Answered> => {
    const start = awakeMs();
    const response = await fetch(`${url(at)}${path}`, { method });
    const { detail = '' } = (await response.json()) as { detail?: string };
    return { status: response.status, detail, tookMs: awakeMs() - start };
  };
  const everyCall = () =>
    Promise.all([
      call('/presence/ann/heartbeat', 'POST'),
      call('/presence/ann/offline', 'POST'),
      call('/presence/ann', 'DELETE'),
      call('/presence/ann'),
      call('/presence'),
      call('/presence?limit=10'),
      call('/presence/ann/typing?room_id=general', 'POST'),
      call('/presence/ann/typing?room_id=general', 'DELETE'),
      call('/presence/rooms/general/typing'),
    ]);

  /** All calls are refused in time with a reason, and /health reports Redis as unavailable. */
  const expectAway = async () => {
    await eventually(async () => expect((await call('/presence/ann')).status).toBe(503));
    for (const { status, detail, tookMs } of await everyCall()) {
      expect(status).toBe(503);
      expect(detail).toContain('presence store (Redis) is away');
      expect(tookMs).toBeLessThan(REFUSED_WITHIN_MS);
    }
    await eventually(async () =>
      expect(await (await fetch(`${url()}/health`)).json()).toMatchObject({ status: 'healthy', redis: 'unavailable' }),
    );
  };

  const expectBack = async () => {
    await eventually(async () => {
      for (const { status } of await everyCall()) expect(status).toBe(200);
    });
    // The outcome of a probe is cached for a moment.
    await eventually(async () =>
      expect(await (await fetch(`${url()}/health`)).json()).toMatchObject({ redis: 'connected' }),
    );
  };

  /** Heartbeats and reads from several clients at both replicas, until `stop`. */
  const startTraffic = () => {
    const answers: Answered[] = [];
    let isStopped = false;
    const client = async (number: number) => {
      for (let turn = 0; !isStopped; turn += 1) {
        const id = `client-${number}`;
        answers.push(
          await (turn % 3 === 0 ? call('/presence', 'GET', turn) : call(`/presence/${id}/heartbeat`, 'POST', turn)),
        );
        await Bun.sleep(5);
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
    return {
      answers,
      stop: async () => {
        isStopped = true;
        await Promise.all(clients);
      },
    };
  };

  test('while Redis is dead every call is refused, and it is served again when Redis is back', async () => {
    await expectBack();
    await redis.kill();
    await expectAway();
    await redis.start();
    await expectBack();
  });

  test('while Redis is frozen every call is refused in time, and it is served again when Redis goes on', async () => {
    await expectBack();
    redis.pause();
    const first = await everyCall();
    for (const { status, tookMs } of first) {
      expect(status).toBe(503);
      expect(tookMs).toBeLessThan(REFUSED_WITHIN_MS);
    }
    await expectAway();
    redis.resume();
    await expectBack();
  });

  test('under traffic, a kill and a freeze cost refusals and nothing else', async () => {
    const traffic = startTraffic();
    const served = async () => {
      const before = traffic.answers.length;
      await eventually(() => {
        const since = traffic.answers.slice(before);
        expect(since.filter(({ status }) => status === 200).length).toBeGreaterThan(CLIENTS);
      });
    };
    const refused = async () => {
      const before = traffic.answers.length;
      await eventually(() => expect(traffic.answers.slice(before).map(({ status }) => status)).toContain(503));
    };
    await served();
    await redis.kill();
    await refused();
    await redis.start();
    await served();
    redis.pause();
    await refused();
    redis.resume();
    await served();
    await traffic.stop();
    const statuses = new Set(traffic.answers.map(({ status }) => status));
    expect([...statuses].toSorted()).toEqual([200, 503]);
    expect(Math.max(...traffic.answers.map(({ tookMs }) => tookMs))).toBeLessThan(NOTHING_HANGS_MS);
  });

  test('while its Redis is a replica no write is answered as stored, nothing is a 500, and it recovers by itself', async () => {
    const primary = await startRedis();
    const ready = async () => (await fetch(`${url()}/ready`)).status;
    const traffic = startTraffic();
    try {
      await expectBack();
      expect(await ready()).toBe(200);
      await setPrimary(redis.url, primary.url);
      await eventually(async () => {
        expect((await call('/presence/ann/heartbeat', 'POST')).status).toBe(503);
        expect(await ready()).toBe(503);
      });
      await setPrimary(redis.url);
      await expectBack();
      expect(await ready()).toBe(200);
    } finally {
      await traffic.stop();
      await primary.close();
    }
    expect(new Set(traffic.answers.map(({ status }) => status))).toEqual(new Set([200, 503]));
  });

  test.each([
    ['a memory that is full', ['maxmemory', '1'], ['maxmemory', '0']],
    ['a server that waits for its replicas', ['min-replicas-to-write', '1'], ['min-replicas-to-write', '0']],
  ])('%s is a refusal as well, and seen by /ready', async (_, spoil, mend) => {
    const cli = new Redis(redis.url);
    const ready = async () => (await fetch(`${url()}/ready`)).status;
    await cli.config('SET', ...(spoil as [string, string]));
    await eventually(async () => expect(await ready()).toBe(503));
    expect((await call('/presence/ann/heartbeat', 'POST')).status).toBe(503);
    await cli.config('SET', ...(mend as [string, string]));
    cli.disconnect();
    await expectBack();
    await eventually(async () => expect(await ready()).toBe(200));
  });

  test('people who expire while Redis is frozen are announced once when it continues', async () => {
    const changes = await hearChanges(redis.url);
    const heardOf = (id: string) => changes.heard.filter(({ user_id }) => user_id === id).map(({ online }) => online);
    try {
      await call('/presence/late/heartbeat', 'POST');
      // On a slow machine they may expire before Redis is frozen.
      await eventually(() => expect(heardOf('late')[0]).toBe(true));
      redis.pause();
      await expectAway();
      redis.resume();
      await expectBack();
      await eventually(() => expect(heardOf('late')).toEqual([true, false]));
      // Once this person has come and gone, both replicas have swept again.
      await call('/presence/marker/heartbeat', 'POST');
      await eventually(() => expect(heardOf('marker')).toEqual([true, false]));
      expect(heardOf('late')).toEqual([true, false]);
    } finally {
      await changes.close();
    }
  });
});
