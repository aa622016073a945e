/** The keys in Redis, as redis-cli shows them, and the commands of each call. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { Redis } from 'ioredis';
import type { PresenceStores } from './stores.ts';
import { openReplica } from './testing/backends.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

describeWith(['redis', 'faults'], 'presence in Redis', () => {
  let redis: TestServer;
  let cli: Redis;
  let stores: PresenceStores;
  beforeAll(async () => {
    redis = await startRedis();
    cli = new Redis(redis.url);
    stores = await openReplica(redis.url);
  });
  afterAll(async () => {
    cli.disconnect();
    await stores.close();
    await redis.close();
  });

  /** Runs `act` and checks that the key then expires after this time, however slow the machine is. */
  const expectToLast = async (key: string, lastsMs: number, act: () => Promise<unknown>) => {
    // Redis rounds times down.
    const before = Date.now() - 1;
    await act();
    expect((await cli.pexpiretime(key)) - lastsMs).toBeWithin(before, Date.now() + 1);
  };

  test('a person online is a key with the username, for 30 seconds', async () => {
    await expectToLast('presence:user:svc:ann', 30_000, () => stores.people.heartbeat('svc:ann', 'Ann'));
    expect(await cli.get('presence:user:svc:ann')).toBe('Ann');
    await stores.people.leave('svc:ann');
    expect(await cli.exists('presence:user:svc:ann')).toBe(0);
  });

  test('a person who went offline is remembered for 30 days', async () => {
    await expectToLast('presence:seen:bob', 30 * DAY_MS, async () => {
      await stores.people.heartbeat('bob', 'Bob');
      await stores.people.leave('bob');
    });
  });

  test('someone typing is a key with the username, for 5 seconds, and leaves nothing behind', async () => {
    const type = () => stores.typing.start('general', 'svc:ann', 'Ann');
    await expectToLast('presence:typing:general:svc:ann', 5_000, type);
    expect(await cli.get('presence:typing:general:svc:ann')).toBe('Ann');
    for (const key of await cli.keys('presence:typ*')) expect(await cli.pttl(key)).toBeWithin(1, 5_001);
    await stores.typing.stop('general', 'svc:ann');
    expect(await cli.keys('presence:typ*')).toEqual([]);
  });

  test('a person whose key is deleted by redis-cli is offline', async () => {
    await stores.people.heartbeat('cut', 'Cut');
    expect(await stores.people.find('cut')).toMatchObject({ online: true });
    await cli.del('presence:user:cut');
    expect(await stores.people.find('cut')).toMatchObject({ online: false });
    expect((await stores.people.page('', 100)).map(({ user_id }) => user_id)).not.toContain('cut');
  });

  test('a person whose key is written by another program is online, without last_seen', async () => {
    await cli.set('presence:user:other', 'Other', 'EX', 30);
    expect(await stores.people.find('other')).toMatchObject({ username: 'Other', online: true, last_seen: null });
  });

  test('every call is one round trip, and none scans the keys', async () => {
    const calls = [
      () => stores.people.heartbeat('ann', 'Ann'),
      () => stores.people.find('ann'),
      () => stores.people.page('', 100),
      () => stores.people.sweep(),
      () => stores.people.leave('ann'),
      () => stores.typing.start('general', 'ann', 'Ann'),
      () => stores.typing.list('general'),
      () => stores.typing.stop('general', 'ann'),
    ];
    // The first call also loads the script.
    for (const call of calls) await call();
    const monitor = await cli.monitor();
    const sent: string[] = [];
    const run: string[] = [];
    monitor.on('monitor', (_: string, [command = '', ...args]: string[], source: string) => {
      (source === 'lua' ? run : sent).push([command.toLowerCase(), ...args].join(' '));
    });
    try {
      for (const call of calls) await call();
      await cli.ping();
      await eventually(() => expect(sent).toContain('ping'));
    } finally {
      monitor.disconnect();
    }
    expect(sent.map((line) => line.split(' ')[0])).toEqual([...calls.map(() => 'evalsha'), 'ping']);
    expect(run.length).toBeGreaterThan(calls.length);
    expect(run.filter((line) => /^(keys|scan|hgetall|smembers)\b/.test(line))).toEqual([]);
  });
});
