import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Failure } from '@parley/kit/errors/failure';
import type { Bus } from '@parley/kit/stores/bus';
import { openBus } from '@parley/kit/stores/bus.open';
import { eventually } from '@parley/testing/time/eventually';
import { Registry } from 'prom-client';
import { errors } from '../errors.ts';
import { createChatMetrics } from '../metrics.ts';
import { createMemoryRoster } from '../roster/roster.memory.ts';
import { silent } from '../testing/backends.ts';
import { createRoomModel, MODEL_ROOM, type Operation, type RoomModel } from '../testing/room.model.ts';
import type { Subscriber } from './feed.ts';
import { Hub } from './hub.ts';

const APPEND: Operation = { kind: 'append', target: 0 };
/** Less than the interval of the poll that runs in any case. */
const SOON = { timeoutMs: 4_000 };

/** A bus in memory that can be disconnected, and has a list of its subscriptions. */
const createCuttable = () => {
  const inner = openBus(`memory:${crypto.randomUUID()}`, silent);
  const listeners = new Map<string, number>();
  const told: ((isConnected: boolean) => void)[] = [];
  const state = { isConnected: true };
  const count = (channel: string, by: number) => listeners.set(channel, (listeners.get(channel) ?? 0) + by);
  const bus: Bus = {
    get isConnected() {
      return state.isConnected;
    },
    probe: () => (state.isConnected ? 'connected' : 'unavailable'),
    publish: (channel, text) => (state.isConnected ? inner.publish(channel, text) : Promise.reject(new Error('away'))),
    subscribe: async (channel, listener) => {
      count(channel, 1);
      const leave = await inner.subscribe(channel, (text) => state.isConnected && listener(text));
      return () => {
        count(channel, -1);
        leave();
      };
    },
    onConnection: (listener) => told.push(listener),
    close: () => inner.close(),
  };
  const connect = (isConnected: boolean) => {
    state.isConnected = isConnected;
    for (const tell of told) tell(isConnected);
  };
  return { bus, connect, listening: () => [...listeners].filter(([, n]) => n > 0).map(([channel]) => channel) };
};

describe('the hub', () => {
  let room: RoomModel;
  let hub: Hub;
  let cuttable: ReturnType<typeof createCuttable>;
  let published: { topic: string; text: string }[];
  let isStoreAway: boolean;

  beforeEach(() => {
    room = createRoomModel();
    cuttable = createCuttable();
    published = [];
    isStoreAway = false;
    const orAway = async <T>(answer: T): Promise<T> => {
      if (isStoreAway) throw new Failure(errors.storage_unavailable);
      return answer;
    };
    hub = new Hub({
      store: {
        changesSince: (_, cursor, limit) => orAway(room.changesSince(cursor, limit)),
        lastSeqs: (roomIds) =>
          orAway(new Map(roomIds.filter((id) => id === MODEL_ROOM).map((id) => [id, room.lastSeq]))),
      },
      bus: cuttable.bus,
      roster: createMemoryRoster(crypto.randomUUID()),
      metrics: createChatMetrics(new Registry()),
      log: silent,
      resyncLimit: 100,
      know: async () => undefined,
      publish: (topic, text) => published.push({ topic, text }),
    });
  });
  afterEach(async () => {
    hub.close();
    await cuttable.bus.close();
  });

  const newSubscriber = (userId = 'alice'): Subscriber => ({
    person: { userId, username: userId },
    subscribe: () => undefined,
    unsubscribe: () => undefined,
  });
  /** As a session does. @returns the seat's `leave` */
  const enter = async (subscriber = newSubscriber()) => {
    const seat = await hub.join(MODEL_ROOM, subscriber);
    void seat.take();
    return seat.leave;
  };
  const seqs = () =>
    published
      .map(({ text }) => JSON.parse(text) as { seq?: number })
      .flatMap(({ seq }) => (seq === undefined ? [] : seq));

  test('listens to the rooms that have sockets here, and to no others', async () => {
    expect(cuttable.listening()).toEqual([]);
    const [leaveOne, leaveOther] = [await enter(), await enter(newSubscriber('bob'))];
    expect(cuttable.listening()).toEqual([`room:${MODEL_ROOM}`]);
    leaveOne();
    expect(cuttable.listening()).toEqual([`room:${MODEL_ROOM}`]);
    expect(hub.countSockets()).toEqual(new Map([[MODEL_ROOM, 1]]));
    leaveOther();
    expect(cuttable.listening()).toEqual([]);
    expect(hub.countSockets()).toEqual(new Map());
  });

  test('refuses an unknown room, and keeps nothing of it', async () => {
    expect(await hub.join('nowhere', newSubscriber()).catch((error: Failure) => error.code)).toBe('unknown_room');
    expect(cuttable.listening()).toEqual([]);
    expect(hub.countSockets()).toEqual(new Map());
  });

  test('refuses while the store is away, and opens the room when it is back', async () => {
    isStoreAway = true;
    const attempts = [0, 1].map(() => hub.join(MODEL_ROOM, newSubscriber()).catch((error: Failure) => error.code));
    expect(await Promise.all(attempts)).toEqual(['storage_unavailable', 'storage_unavailable']);
    expect(cuttable.listening()).toEqual([]);
    isStoreAway = false;
    await enter();
    expect(cuttable.listening()).toEqual([`room:${MODEL_ROOM}`]);
  });

  test('keeps a room open for a socket that is still joining', async () => {
    const leave = await enter();
    const joining = await hub.join(MODEL_ROOM, newSubscriber('bob'));
    leave();
    expect(cuttable.listening()).toEqual([`room:${MODEL_ROOM}`]);
    joining.leave();
    expect(cuttable.listening()).toEqual([]);
  });

  test('adds no socket that has left its seat, and announces nobody', async () => {
    const seat = await hub.join(MODEL_ROOM, newSubscriber());
    seat.leave();
    await seat.take();
    seat.leave();
    await hub.joins.idle();
    expect(published).toEqual([]);
    expect(hub.countSockets()).toEqual(new Map());
  });

  test('sends what was committed here at once, and not again when the bus brings it', async () => {
    await enter();
    room.commit(APPEND);
    hub.committed(
      MODEL_ROOM,
      room.changesSince(0, 10).map((message) => ({ message, isNew: true })),
    );
    expect(seqs()).toEqual([1]);
    await cuttable.bus.publish(`room:${MODEL_ROOM}`, room.commit(APPEND).text);
    await eventually(() => expect(seqs()).toEqual([1, 2]));
  });

  test('reads the log while the bus is away, and misses nothing', async () => {
    await enter();
    cuttable.connect(false);
    for (let count = 0; count < 3; count += 1) room.commit(APPEND);
    await eventually(() => expect(seqs()).toEqual([1, 2, 3]), SOON);
    room.commit(APPEND);
    await eventually(() => expect(seqs()).toEqual([1, 2, 3, 4]), SOON);
  });

  test('reads the log when the bus is back, for what came in between', async () => {
    await enter();
    cuttable.connect(false);
    room.commit(APPEND);
    cuttable.connect(true);
    await eventually(() => expect(seqs()).toEqual([1]), SOON);
  });

  test('sends events that are not in the log to the sockets here while the bus is away', async () => {
    await enter();
    await hub.joins.idle();
    await eventually(() => expect(published.length).toBe(1));
    cuttable.connect(false);
    hub.announce(MODEL_ROOM, { type: 'typing', user_id: 'alice', username: 'Alice', room_id: MODEL_ROOM });
    await eventually(() =>
      expect(published.map(({ text }) => JSON.parse(text).type)).toEqual(['user_joined', 'typing']),
    );
  });
});
