/** The contract of both buses, and the Redis bus while Redis fails. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { openLeakyProxy } from '@parley/testing/network/leaky-proxy';
import { openSwitch } from '@parley/testing/network/switch';
import { setPrimary } from '@parley/testing/servers/redis';
import { describeWith, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { awakeMs } from '@parley/testing/time/awake';
import { eventually } from '@parley/testing/time/eventually';
import { createLog } from '../process/log.ts';
import { openBus } from './bus.open.ts';
import { createRedisBus } from './bus.redis.ts';
import { type Bus, BusAway } from './bus.ts';

const log = createLog('test', 'silent');
const AWAY_WITHIN_MS = 2_000;

const open: Bus[] = [];

const keep = (bus: Bus): Bus => {
  open.push(bus);
  return bus;
};

const connected = async (bus: Bus): Promise<Bus> => {
  await eventually(() => expect(keep(bus).isConnected).toBeTrue());
  return bus;
};

const closeBuses = async () => {
  for (const bus of open.splice(0)) await bus.close();
};

/** Collects all messages of the channel from now on. */
const listenTo = async (bus: Bus, channel: string): Promise<string[]> => {
  const heard: string[] = [];
  await bus.subscribe(channel, (message) => heard.push(message));
  return heard;
};

/** Publishes until a listener gets it: a subscription that was just renewed may not be active yet. */
const untilHeard = (bus: Bus, channel: string, heard: string[], message: string) =>
  eventually(async () => {
    await bus.publish(channel, message);
    await eventually(() => expect(heard).toContain(message), { timeoutMs: 100 });
  });

const busContract = (open: () => Bus) => {
  let bus: Bus;
  let other: Bus;

  beforeEach(async () => {
    [bus, other] = await Promise.all([connected(open()), connected(open())]);
  });
  afterEach(closeBuses);

  test('messages of one publisher arrive everywhere in the order they were published', async () => {
    const heard = await Promise.all([listenTo(bus, 'room:a'), listenTo(other, 'room:a')]);
    const sent = Array.from({ length: 500 }, (_, index) => `message ${index}`);
    await Promise.all(sent.map((message) => bus.publish('room:a', message)));
    await eventually(() => expect(heard).toEqual([sent, sent]));
  });

  test('a listener gets messages of its own channel only, and text arrives unchanged', async () => {
    const heard = await listenTo(bus, 'room:a');
    const elsewhere = await listenTo(bus, 'room:a:b');
    const text = `{"content":"ünï ✓ ${'x'.repeat(100_000)}"}`;
    await other.publish('room:a', text);
    await eventually(() => expect(heard).toEqual([text]));
    expect(elsewhere).toEqual([]);
  });

  test('the same function may subscribe twice, and unsubscribe once', async () => {
    const heard: string[] = [];
    const listener = (message: string) => heard.push(message);
    const [leave] = await Promise.all([bus.subscribe('room:a', listener), bus.subscribe('room:a', listener)]);
    await other.publish('room:a', 'to both');
    await eventually(() => expect(heard).toEqual(['to both', 'to both']));
    leave();
    leave();
    await other.publish('room:a', 'to one');
    await eventually(() => expect(heard).toEqual(['to both', 'to both', 'to one']));
  });

  test('nothing arrives after unsubscribing, until it subscribes again', async () => {
    const heard: string[] = [];
    const witness = await listenTo(other, 'room:a');
    const ownWitness = await listenTo(bus, 'room:b');
    const leave = await bus.subscribe('room:a', (message) => heard.push(message));
    leave();
    await bus.publish('room:a', 'unheard');
    await eventually(() => expect(witness).toEqual(['unheard']));
    // Messages from before may still arrive. They have, once the next one has.
    await bus.publish('room:b', 'next');
    await eventually(() => expect(ownWitness).toEqual(['next']));
    await bus.subscribe('room:a', (message) => heard.push(message));
    await bus.publish('room:a', 'heard');
    await eventually(() => expect(heard).toEqual(['heard']));
  });

  test('publishing needs no subscriber, whatever the name of the channel', async () => {
    await bus.publish('error', 'into the void');
    await untilHeard(bus, 'room:a', await listenTo(other, 'room:a'), 'still there');
  });

  test('a closed bus publishes nothing and receives nothing', async () => {
    const heard = await listenTo(bus, 'room:a');
    const witness = await listenTo(other, 'room:a');
    await bus.close();
    expect(bus.isConnected).toBeFalse();
    await expect(bus.publish('room:a', 'late')).rejects.toBeInstanceOf(BusAway);
    await other.publish('room:a', 'on');
    await eventually(() => expect(witness).toEqual(['on']));
    expect(heard).toEqual([]);
  });
};

describe('The memory bus', () => {
  busContract(() => openBus('memory:contract', log));

  test('buses with different names are separate', async () => {
    const [one, two] = [keep(openBus('memory:one', log)), keep(openBus('memory:two', log))];
    const heard = await listenTo(one, 'room:a');
    await two.publish('room:a', 'elsewhere');
    await one.publish('room:a', 'here');
    await eventually(() => expect(heard).toEqual(['here']));
  });
});

describeWith(['redis'], 'The Redis bus', () => {
  let redis: TestServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  busContract(() => openBus(redis.url, log));
});

describeWith(['redis', 'faults'], 'The Redis bus, when Redis fails', () => {
  let redis: TestServer;
  let bus: Bus;
  let changes: boolean[];

  beforeEach(async () => {
    redis = await startRedis();
    bus = await connected(openBus(redis.url, log));
    changes = [];
    bus.onConnection((isConnected) => changes.push(isConnected));
  });
  afterEach(async () => {
    await closeBuses();
    await redis.close();
  });

  const publishingFails = async () => {
    const start = awakeMs();
    await expect(bus.publish('room:a', 'lost')).rejects.toBeInstanceOf(BusAway);
    expect(awakeMs() - start).toBeLessThan(AWAY_WITHIN_MS);
  };

  test('killed and restarted: it reports the outage, refuses at once, and renews all subscriptions', async () => {
    const heard = await listenTo(bus, 'room:a');
    await redis.kill();
    await eventually(() => expect(bus.isConnected).toBeFalse());
    await publishingFails();
    const heardLater = await listenTo(bus, 'room:b');
    expect(changes).toEqual([false]);

    await redis.start();
    await eventually(() => expect(changes).toEqual([false, true]));
    await bus.publish('room:a', 'back');
    await bus.publish('room:b', 'also');
    await eventually(() => expect([heard, heardLater]).toEqual([['back'], ['also']]));
  });

  test('a listener that unsubscribed while Redis was away gets nothing', async () => {
    const heard: string[] = [];
    const leave = await bus.subscribe('room:a', (message) => heard.push(message));
    const witness = await listenTo(bus, 'room:b');
    await redis.kill();
    leave();
    await redis.start();
    await eventually(() => expect(changes).toEqual([false, true]));
    await bus.publish('room:a', 'unheard');
    await untilHeard(bus, 'room:b', witness, 'heard');
    expect(heard).toEqual([]);
  });

  test('paused: publishing fails within 2 s instead of hanging, and works when Redis goes on', async () => {
    const heard = await listenTo(bus, 'room:a');
    redis.pause();
    await publishingFails();
    await eventually(() => expect(bus.isConnected).toBeFalse());
    redis.resume();
    await eventually(() => expect(bus.isConnected).toBeTrue());
    await untilHeard(bus, 'room:a', heard, 'on');
  });

  test('opened while Redis is away: it receives as soon as Redis is there', async () => {
    await redis.stop();
    const early = keep(openBus(redis.url, log));
    expect(early.isConnected).toBeFalse();
    const heard = await listenTo(early, 'room:a');
    await redis.start();
    await eventually(() => expect(early.isConnected).toBeTrue());
    await early.publish('room:a', 'there');
    await eventually(() => expect(heard).toEqual(['there']));
  });
});

describeWith(['redis', 'faults'], 'The Redis bus, when its server becomes a replica', () => {
  let servers: [TestServer, TestServer];
  beforeEach(async () => {
    servers = await Promise.all([startRedis(), startRedis()]);
  });
  afterEach(async () => {
    await closeBuses();
    for (const server of servers) await server.close();
  });
  const openTested = (url: string) => connected(createRedisBus(url, log, { canaryIntervalMs: 200 }));

  test('it is away, since a replica delivers only to its own subscribers, and back with a primary', async () => {
    const [here, other] = servers;
    const bus = await openTested(here.url);
    const heard = await listenTo(bus, 'room:a');
    for (const message of ['first', 'second']) {
      await setPrimary(here.url, other.url);
      await eventually(() => expect(bus.isConnected).toBeFalse());
      await expect(bus.publish('room:a', 'lost')).rejects.toBeInstanceOf(BusAway);
      await setPrimary(here.url);
      await eventually(() => expect(bus.isConnected).toBeTrue());
      await untilHeard(bus, 'room:a', heard, message);
    }
    expect(heard).not.toContain('lost');
  });

  test('it goes to the new primary when the address leads there, though the old server lives on', async () => {
    const [before, after] = servers;
    const address = await openSwitch(before.url);
    const bus = await openTested(`redis://127.0.0.1:${address.port}`);
    const heard = await listenTo(bus, 'room:a');
    address.leadTo(after.url);
    await setPrimary(before.url, after.url);
    const there = await openTested(after.url);
    await untilHeard(there, 'room:a', heard, 'from the new primary');
    const heardThere = await listenTo(there, 'room:a');
    await eventually(() => expect(bus.isConnected).toBeTrue());
    await untilHeard(bus, 'room:a', heardThere, 'to the new primary');
    address.close();
  });
});

describeWith(['redis'], 'The Redis bus, on a line that goes deaf', () => {
  test('notices by its canary that it receives nothing, and reconnects', async () => {
    const redis = await startRedis();
    const proxy = openLeakyProxy(new URL(redis.url));
    const url = `redis://127.0.0.1:${proxy.port}`;
    const bus = await connected(createRedisBus(url, log, { canaryIntervalMs: 500 }));
    const changes: boolean[] = [];
    bus.onConnection((isConnected) => changes.push(isConnected));
    const heard = await listenTo(bus, 'room:a');
    await untilHeard(bus, 'room:a', heard, 'before');

    proxy.goDeaf((sent) => /subscribe/i.test(sent));
    await bus.publish('room:a', 'into deaf ears');
    // It may have reconnected before the test reads its state.
    await eventually(() => expect(changes).toContain(false));
    expect(heard).not.toContain('into deaf ears');
    await eventually(() => expect(bus.isConnected).toBeTrue());
    await untilHeard(bus, 'room:a', heard, 'after');

    await closeBuses();
    proxy.close();
    await redis.close();
  });
});
