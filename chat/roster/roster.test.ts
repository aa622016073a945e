import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { describeWith, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { Redis } from 'ioredis';
import { silent } from '../testing/backends.ts';
import { createMemoryRoster } from './roster.memory.ts';
import { openRoster } from './roster.open.ts';
import { createRedisRoster } from './roster.redis.ts';
import { type Occupant, ROSTER_REFRESH_MS, ROSTER_TTL_MS, type Roster } from './roster.ts';

const SHORT_TTL_MS = 60;
/** Long enough that an entry doesn't expire by chance on a busy machine. */
const LONGER_TTL_MS = 3_000;

/** @param open opens the roster of one more replica */
const contract = (open: (ttlMs?: number) => Promise<Roster>) => () => {
  const opened: Roster[] = [];
  const replica = async (ttlMs?: number) => {
    const roster = await open(ttlMs);
    opened.push(roster);
    return roster;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((roster) => roster.close()));
  });

  /** A person in a room of one test. */
  const newOccupant = (roomId = crypto.randomUUID(), userId = 'alice'): Occupant => ({
    roomId,
    person: { userId, username: userId.toUpperCase() },
  });
  /** The people that sweeps return within a while. */
  const sweptBy = async (roster: Roster, roomId: string, forMs: number) => {
    const gone: Occupant[] = [];
    for (const end = performance.now() + forMs; performance.now() < end; await Bun.sleep(5))
      gone.push(...(await roster.sweep([roomId])));
    return [...gone, ...(await roster.sweep([roomId]))];
  };

  test('the first to come joins, the last to go leaves, wherever they are', async () => {
    const [one, two] = [await replica(), await replica()];
    const alice = newOccupant();
    expect(await one.enter(alice)).toBe(true);
    expect(await two.enter(alice)).toBe(false);
    expect(await one.leave(alice)).toBe(false);
    expect(await two.leave(alice)).toBe(true);
    expect(await two.enter(alice)).toBe(true);
  });

  test('entering in one moment on several replicas is one join, leaving is one leave', async () => {
    const replicas = await Promise.all([replica(), replica(), replica()]);
    const alice = newOccupant();
    const joins = await Promise.all(replicas.map((roster) => roster.enter(alice)));
    expect(joins.filter(Boolean).length).toBe(1);
    const leaves = await Promise.all(replicas.map((roster) => roster.leave(alice)));
    expect(leaves.filter(Boolean).length).toBe(1);
  });

  test('a repeated step gets the same answer', async () => {
    const [one, two] = [await replica(), await replica()];
    const alice = newOccupant();
    const twice = async (ask: (step: string) => Promise<boolean>) => {
      const step = crypto.randomUUID();
      return [await ask(step), await ask(step)];
    };
    expect(await twice((step) => one.enter(alice, step))).toEqual([true, true]);
    expect(await twice((step) => two.enter(alice, step))).toEqual([false, false]);
    expect(await twice((step) => one.leave(alice, step))).toEqual([false, false]);
    expect(await twice((step) => two.leave(alice, step))).toEqual([true, true]);
  });

  test('rooms and people do not mix, whatever their ids look like', async () => {
    const roster = await replica();
    const room = crypto.randomUUID();
    const ids = ['alice', 'alice:names', '{alice}', ':holders:alice', 'a b', 'алиса 🦊', 'names', '__proto__', '1'];
    for (const id of ids) expect(await roster.enter(newOccupant(room, id))).toBe(true);
    expect(await roster.enter(newOccupant(`${room}.names`, 'alice'))).toBe(true);
    for (const id of ids) expect(await roster.leave(newOccupant(room, id))).toBe(true);
  });

  test('a refreshed entry stays: sweeps of other replicas find nothing', async () => {
    const [one, two] = [await replica(LONGER_TTL_MS), await replica()];
    const alice = newOccupant();
    await one.enter(alice);
    for (const end = performance.now() + 1.2 * LONGER_TTL_MS; performance.now() < end; await Bun.sleep(10)) {
      await one.refresh([alice]);
      expect(await two.sweep([alice.roomId])).toEqual([]);
    }
    expect(await two.enter(alice)).toBe(false);
  });

  test('people of a dead replica are found by one sweep of one other replica, with their names', async () => {
    const [dead, one, two] = [await replica(SHORT_TTL_MS), await replica(), await replica()];
    const alice = newOccupant();
    await dead.enter(alice);
    const swept = await Promise.all([one, two].map((roster) => sweptBy(roster, alice.roomId, 4 * SHORT_TTL_MS)));
    expect(swept.flat()).toEqual([alice]);
    expect(await one.enter(alice)).toBe(true);
  });

  test('a person with a socket on another replica is not swept when one dies', async () => {
    const [dead, living] = [await replica(SHORT_TTL_MS), await replica()];
    const alice = newOccupant();
    await living.enter(alice);
    await dead.enter(alice);
    expect(await sweptBy(living, alice.roomId, 3 * SHORT_TTL_MS)).toEqual([]);
    expect(await living.leave(alice)).toBe(true);
  });

  test('a leave is the last one as soon as the entry of a dead replica has expired', async () => {
    const [dead, living] = [await replica(SHORT_TTL_MS), await replica()];
    const alice = newOccupant();
    await dead.enter(alice);
    await living.enter(alice);
    await Bun.sleep(2 * SHORT_TTL_MS);
    expect(await living.leave(alice)).toBe(true);
  });

  test('a refresh restores a lost entry without a join', async () => {
    const [one, two] = [await replica(), await replica()];
    const occupants = ['alice', 'bob'].map((id) => newOccupant(undefined, id));
    await one.refresh(occupants);
    for (const occupant of occupants) expect(await two.enter(occupant)).toBe(false);
    await one.refresh([]);
    expect(await one.sweep([])).toEqual([]);
  });

  test('leaving a room without an entry is a leave: nobody is there', async () => {
    expect(await (await replica()).leave(newOccupant())).toBe(true);
  });
};

test('a replica has three chances to keep its people alive', () => {
  expect(ROSTER_TTL_MS).toBeGreaterThanOrEqual(3 * ROSTER_REFRESH_MS);
});

test('the URL chooses the backend; memory rosters of one name are one', async () => {
  const name = crypto.randomUUID();
  const [one, same, other] = [name, name, 'other'].map((memory) => openRoster(`memory:${memory}`, silent));
  const alice = { roomId: 'general', person: { userId: 'alice', username: 'Alice' } };
  expect(await one?.enter(alice)).toBe(true);
  expect(await same?.enter(alice)).toBe(false);
  expect(await other?.enter(alice)).toBe(true);
});

describe('the roster in memory', () => {
  const name = crypto.randomUUID();
  contract(async (ttlMs) => createMemoryRoster(name, ttlMs))();
});

describeWith(['redis'], 'the roster in Redis', () => {
  let redis: TestServer;
  let client: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url);
  });
  afterAll(async () => {
    client.disconnect();
    await redis.close();
  });

  const open = async (ttlMs?: number): Promise<Roster> => {
    const roster = createRedisRoster(redis.url, silent, ttlMs);
    await eventually(() => roster.sweep([]).then(() => roster.refresh([{ roomId: 'warm', person: nobody }])));
    return roster;
  };
  const nobody = { userId: 'nobody', username: 'Nobody' };

  contract(open)();

  test('leaves nothing behind when the last has gone', async () => {
    const roster = await open();
    const alice = { roomId: 'tidy', person: { userId: 'alice', username: 'Alice' } };
    await roster.enter(alice);
    expect((await client.keys('chat:roster:{tidy}*')).length).toBe(4);
    await roster.leave(alice);
    await eventually(async () => expect(await client.keys('chat:roster:{tidy}*')).toEqual([]));
    await roster.close();
  });

  test('an answer that was lost while another replica takes a step is the same, and each step is announced once', async () => {
    const [one, two] = [await open(), await open()];
    const alice = { roomId: 'lost', person: { userId: 'alice', username: 'Alice' } };
    expect(await one.enter(alice, 'enter-one')).toBe(true);
    expect(await two.enter(alice, 'enter-two')).toBe(false);
    expect(await one.enter(alice, 'enter-one')).toBe(true);
    expect(await two.enter(alice, 'enter-two')).toBe(false);
    expect(await one.leave(alice, 'leave-one')).toBe(false);
    expect(await two.leave(alice, 'leave-two')).toBe(true);
    expect(await one.leave(alice, 'leave-one')).toBe(false);
    expect(await two.leave(alice, 'leave-two')).toBe(true);
    await Promise.all([one.close(), two.close()]);
  });

  test('a replica’s entry expires by itself', async () => {
    const roster = await open(LONGER_TTL_MS);
    await roster.enter({ roomId: 'ttl', person: { userId: 'alice', username: 'Alice' } });
    expect(await client.pttl('chat:roster:{ttl}:holders:alice')).toBeGreaterThan(0);
    await eventually(async () => expect(await client.exists('chat:roster:{ttl}:holders:alice')).toBe(0));
    expect(await roster.sweep(['ttl'])).toEqual([{ roomId: 'ttl', person: { userId: 'alice', username: 'Alice' } }]);
    await eventually(async () => expect(await client.keys('chat:roster:{ttl}*')).toEqual([]));
    await roster.close();
  });

  test('refuses at once while Redis is away', async () => {
    const roster = await open();
    await roster.close();
    expect(roster.enter({ roomId: 'away', person: nobody })).rejects.toThrow();
  });
});
