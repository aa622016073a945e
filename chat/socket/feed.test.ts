import { describe, expect, test } from 'bun:test';
import type { Bus, Listener } from '@parley/kit/bus';
import { createLog } from '@parley/kit/log';
import { eventually } from '@parley/kit/testing/eventually';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import type { Message } from '../messages/rules.ts';
import { createChatMetrics } from '../metrics.ts';
import { createRoomModel, MODEL_ROOM, type Operation, type RoomModel, see } from '../testing/room.model.ts';
import type { Attendance } from './attendance.ts';
import { catchUp } from './catch-up.ts';
import { Feed, type Subscriber, topicOf } from './feed.ts';
import type { ServerFrame } from './frames.ts';
import type { Change } from './sequencer.ts';

const APPEND: Operation = { kind: 'append', target: 0 };
const log = createLog('test', 'silent');
const nobody: Attendance = {
  enter: () => undefined,
  leave: () => undefined,
  refresh: () => undefined,
  idle: async () => undefined,
  close: () => undefined,
};

/** A bus that delivers when told. */
const createBus = () => {
  const listeners = new Set<Listener>();
  const bus: Bus = {
    isConnected: true,
    publish: async () => undefined,
    subscribe: async (_, listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onConnection: () => undefined,
    close: async () => undefined,
  };
  const deliver = (text: string) => {
    for (const listener of listeners) listener(text);
  };
  return { bus, listeners, deliver };
};

/** A store whose reads wait to be answered, and are answered with the log as it stood when they were asked. */
const createStore = (room: RoomModel) => {
  const reads: { answer(): void; fail(): void }[] = [];
  const read = <T>(result: T): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    reads.push({ answer: () => resolve(result), fail: () => reject(new Error('The database is away')) });
    return promise;
  };
  return {
    reads,
    changesSince: (_: string, cursor: number, limit: number): Promise<Message[]> =>
      read(room.changesSince(cursor, limit)),
    lastSeqs: (): Promise<Map<string, number>> => read(new Map([[MODEL_ROOM, room.lastSeq]])),
  };
};

/** One room on one replica: what the hub and the sessions do with a feed, and the sockets as lists of frames. */
const createReplica = (room: RoomModel, resyncLimit: number) => {
  const store = createStore(room);
  const { bus, deliver, listeners } = createBus();
  const topic = new Set<Reader>();
  const feed = new Feed({
    roomId: MODEL_ROOM,
    store,
    bus,
    attendance: nobody,
    metrics: createChatMetrics(new Registry(), () => new Map()),
    log,
    resyncLimit,
    gapWaitMs: 0,
    publish: (name, text) => {
      expect(name).toBe(topicOf(MODEL_ROOM));
      for (const reader of topic) reader.hear(text);
    },
  });

  class Reader implements Subscriber {
    readonly person = { userId: 'alice', username: 'Alice' };
    readonly since: number;
    readonly frames: ServerFrame[] = [];
    isOpen = true;
    isIn = false;

    constructor(since: number) {
      this.since = since;
    }

    hear(text: string): void {
      this.frames.push(JSON.parse(text));
    }
    send(frame: ServerFrame): void {
      this.frames.push(frame);
    }
    async sendText(text: string): Promise<void> {
      this.hear(text);
    }
    subscribe(): void {
      topic.add(this);
    }
    unsubscribe(): void {
      topic.delete(this);
    }
    /** As the session does. A reader whose catching up fails is closed, and comes again. */
    join(): void {
      const enter = () => {
        this.send({ type: 'ready', room_id: MODEL_ROOM, seq: feed.delivered });
        feed.add(this);
        this.isIn = true;
      };
      catchUp({ session: this, feed, store, roomId: MODEL_ROOM, since: this.since, resyncLimit, enter }).catch(() => {
        this.isOpen = false;
      });
    }
  }

  const join = (since: number): Reader => {
    const reader = new Reader(since);
    reader.join();
    return reader;
  };
  const open = async () => {
    const opened = feed.open();
    await turn();
    store.reads.shift()?.answer();
    return opened;
  };
  /** Answers reads, and looks at the room's `last_seq` as the hub does, until everyone is in and nothing is missing. */
  const settle = (readers: readonly Reader[]) =>
    eventually(async () => {
      feed.noticeLastSeq(room.lastSeq);
      await turn();
      for (const read of store.reads.splice(0)) read.answer();
      await turn();
      expect({ delivered: feed.delivered, reads: store.reads.length }).toEqual({ delivered: room.lastSeq, reads: 0 });
      expect(readers.every(({ isOpen, isIn }) => !isOpen || isIn)).toBe(true);
    });
  return { feed, store, bus, listeners, deliver, join, open, settle };
};

/** A turn of the event loop. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const seqsOf = (frames: readonly ServerFrame[]) => frames.flatMap((frame) => ('position' in frame ? frame.seq : []));

describe('a feed', () => {
  const openRoom = async (history: number, resyncLimit = 100) => {
    const room = createRoomModel();
    for (let count = 0; count < history; count += 1) room.commit(APPEND);
    const replica = createReplica(room, resyncLimit);
    await replica.open();
    return { room, ...replica };
  };

  test('of a room that does not exist does not open', async () => {
    const replica = createReplica(createRoomModel(), 100);
    const opened = replica.feed.open();
    replica.store.lastSeqs = async () => new Map();
    await turn();
    expect(await opened).toBe(false);
  });

  test('fetches what the bus lost, as soon as a later change shows the gap', async () => {
    const { room, join, deliver, settle } = await openRoom(3);
    const reader = join(3);
    room.commit(APPEND);
    deliver(room.commit(APPEND).text);
    expect(seqsOf(reader.frames)).toEqual([]);
    await settle([reader]);
    expect(seqsOf(reader.frames)).toEqual([4, 5]);
  });

  test('hands on what is not of the log, and drops what is no event', async () => {
    const { join, deliver, settle } = await openRoom(0);
    const reader = join(0);
    await settle([reader]);
    for (const text of ['{"type":"typing"}', '{', '5', 'null', '[]', '{"type":"hello","seq":"x"}']) deliver(text);
    expect(reader.frames.map(({ type }) => type as string)).toEqual(['ready', 'typing', 'hello']);
  });

  test('looks once for a number that the room never reached, and goes on without it', async () => {
    const { room, join, deliver, settle, store } = await openRoom(1);
    const reader = join(1);
    await settle([reader]);
    deliver('{"type":"message","seq":1000000}');
    await eventually(() => expect(store.reads.length).toBe(1));
    store.reads.shift()?.answer();
    await Bun.sleep(20);
    expect(store.reads.length).toBe(0);
    deliver(room.commit(APPEND).text);
    expect(seqsOf(reader.frames)).toEqual([2]);
    await Bun.sleep(20);
    expect(store.reads.length).toBe(0);
  });

  test('tells everyone to reload when more was missed than it may fetch', async () => {
    const { room, join, deliver, settle } = await openRoom(0, 3);
    const reader = join(0);
    await settle([reader]);
    for (let count = 1; count < 5; count += 1) room.commit(APPEND);
    deliver(room.commit(APPEND).text);
    await settle([reader]);
    expect(reader.frames.map(({ type }) => type)).toEqual(['ready', 'resync']);
    deliver(room.commit(APPEND).text);
    expect(seqsOf(reader.frames)).toEqual([6]);
  });

  test('asks again, without haste, when the log could not be read', async () => {
    const { room, join, deliver, settle, store } = await openRoom(0);
    const reader = join(0);
    await settle([reader]);
    room.commit(APPEND);
    deliver(room.commit(APPEND).text);
    await eventually(() => expect(store.reads.length).toBe(1));
    store.reads.shift()?.fail();
    await Bun.sleep(20);
    expect(store.reads.length).toBe(0);
    await settle([reader]);
    expect(seqsOf(reader.frames)).toEqual([1, 2]);
  });

  test('that was closed sends nothing more, not even what it had asked for', async () => {
    const { room, join, deliver, settle, store, feed, listeners } = await openRoom(0);
    const reader = join(0);
    await settle([reader]);
    room.commit(APPEND);
    deliver(room.commit(APPEND).text);
    await eventually(() => expect(store.reads.length).toBe(1));
    feed.close();
    store.reads.shift()?.answer();
    await turn();
    expect(seqsOf(reader.frames)).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  test('fetches what was announced while it opened', async () => {
    const room = createRoomModel();
    const { feed, store, deliver, settle, join } = createReplica(room, 100);
    const opened = feed.open();
    await turn();
    deliver(room.commit(APPEND).text);
    store.reads.shift()?.answer();
    await opened;
    expect(feed.delivered).toBe(0);
    await eventually(() => expect(store.reads.length).toBe(1));
    const reader = join(0);
    await settle([reader]);
    expect(seqsOf(reader.frames)).toEqual([1]);
  });
});

describe('a socket that catches up', () => {
  test('gets what it missed, then that it is ready, then what is live', async () => {
    const room = createRoomModel();
    for (let count = 0; count < 450; count += 1) room.commit(APPEND);
    const { open, join, settle, deliver } = createReplica(room, 1_000);
    await open();
    const reader = join(10);
    await settle([reader]);
    deliver(room.commit(APPEND).text);
    expect(seqsOf(reader.frames)).toEqual(Array.from({ length: 441 }, (_, index) => index + 11));
    expect(reader.frames.at(-2)).toEqual({ type: 'ready', room_id: MODEL_ROOM, seq: 450 });
  });

  test('of many pages gets a message that is edited meanwhile, and no number twice', async () => {
    const room = createRoomModel();
    for (let count = 0; count < 250; count += 1) room.commit(APPEND);
    const { open, join, settle, store, deliver } = createReplica(room, 1_000);
    await open();
    const reader = join(0);
    expect(store.reads.length).toBe(1);
    deliver(room.commit({ kind: 'edit', target: 240 }).text);
    await settle([reader]);
    const seqs = seqsOf(reader.frames);
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
    const edited = reader.frames.filter((frame) => 'id' in frame && frame.id === 'message 241');
    expect(edited).toMatchObject([{ type: 'message', seq: 251, content: 'content 251' }]);
  });

  test('is told to reload when it is too far behind, or ahead of the log', async () => {
    const room = createRoomModel();
    for (let count = 0; count < 10; count += 1) room.commit(APPEND);
    const { open, join, settle } = createReplica(room, 5);
    await open();
    const readers = [join(4), join(11), join(5)];
    await settle(readers);
    expect(readers.map(({ frames }) => frames.map(({ type }) => type).slice(0, 2))).toEqual([
      ['resync', 'ready'],
      ['resync', 'ready'],
      ['message', 'message'],
    ]);
  });
});

/**
 * What happens next. Nothing lies between two steps but what `tick` (one microtask) and `turn` (one turn of the loop) let happen, so
 * that commits, answers of the database and joins meet in every order.
 */
type Step =
  | { readonly do: 'commit'; readonly operation: Operation; readonly isLocal: boolean }
  | { readonly do: 'arrive' | 'arrive twice' | 'lose'; readonly pick: number }
  | { readonly do: 'join'; readonly behind: number }
  | { readonly do: 'answer' }
  | { readonly do: 'fail' }
  | { readonly do: 'tick' }
  | { readonly do: 'turn' };

const operations = fc.record({
  kind: fc.constantFrom('append' as const, 'append' as const, 'edit' as const, 'delete' as const),
  target: fc.nat(20),
});
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const steps = fc.array(
  fc.oneof(
    weighted(4, fc.record({ do: fc.constant('commit'), operation: operations, isLocal: fc.boolean() })),
    weighted(3, fc.record({ do: fc.constantFrom('arrive', 'arrive twice', 'lose'), pick: fc.nat(30) })),
    weighted(1, fc.record({ do: fc.constant('join'), behind: fc.integer({ min: -2, max: 12 }) })),
    weighted(3, fc.constant({ do: 'answer' })),
    weighted(3, fc.constant({ do: 'tick' })),
    weighted(2, fc.constant({ do: 'turn' })),
    weighted(1, fc.constant({ do: 'fail' })),
  ),
  { maxLength: 150 },
);

type Replica = ReturnType<typeof createReplica>;
type Reader = ReturnType<Replica['join']>;

describe('whatever is late, doubled or lost, and whoever joins meanwhile', () => {
  const take = (room: RoomModel, replica: Replica, readers: Reader[], inFlight: Change[]) => (step: Step) => {
    if (step.do === 'commit') {
      const change = room.commit(step.operation);
      if (step.isLocal) replica.feed.receive(change);
      inFlight.push(change);
    } else if (step.do === 'join') readers.push(replica.join(Math.max(0, room.lastSeq - step.behind)));
    else if (step.do === 'answer') replica.store.reads.shift()?.answer();
    else if (step.do === 'fail') replica.store.reads.shift()?.fail();
    else if ('pick' in step) {
      const index = step.pick % (inFlight.length || 1);
      const change = inFlight[index];
      if (change && step.do !== 'lose') replica.deliver(change.text);
      if (step.do !== 'arrive twice') inFlight.splice(index, 1);
    }
  };

  /** Each number once and ascending, each message as new at most once; in the end the reader sees the room as it is. */
  const expectWhole = (room: RoomModel, { since, frames }: Reader) => {
    let view = room.viewAt(since);
    let cursor = since;
    const news = new Set<string>();
    for (const frame of frames) {
      if (frame.type === 'resync') {
        view = room.viewAt(frame.seq);
        cursor = frame.seq;
      } else if (frame.type === 'ready') expect(frame.seq).toBe(cursor);
      else if ('position' in frame) {
        expect(frame.seq).toBeGreaterThan(cursor);
        cursor = frame.seq;
        if (frame.type === 'message') expect(news.has(frame.id) || view.has(frame.id)).toBe(false);
        news.add(frame.id);
        see(view, frame);
      }
    }
    expect(view).toEqual(room.viewAt(room.lastSeq));
  };

  test('every socket sees each change once, in order, and ends with the room as it is', async () => {
    const history = fc.array(operations, { maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 30 }), steps, async (before, resyncLimit, todo) => {
        const room = createRoomModel();
        for (const operation of before) room.commit(operation);
        const replica = createReplica(room, resyncLimit);
        await replica.open();
        const readers = [replica.join(room.lastSeq)];
        const act = take(room, replica, readers, []);
        for (const step of todo) {
          if (step.do === 'turn') await turn();
          else if (step.do === 'tick') await null;
          else act(step);
        }
        await replica.settle(readers);
        replica.feed.close();
        for (const reader of readers.filter(({ isIn }) => isIn)) expectWhole(room, reader);
      }),
      { numRuns: 400 },
    );
  }, 20_000);
});
