/** For tests: one room on one replica, over models of the log and the bus. The test controls when they answer. */
import { expect } from 'bun:test';
import type { Bus, Listener } from '@parley/kit/stores/bus';
import { eventually } from '@parley/testing/time/eventually';
import { Registry } from 'prom-client';
import { catchUp } from '../delivery/catch-up.ts';
import { Feed, type FeedDeps, type Subscriber, topicOf } from '../delivery/feed.ts';
import type { ServerFrame } from '../frames.ts';
import type { Message } from '../messages/rules.ts';
import { createChatMetrics } from '../metrics.ts';
import { silent as log } from './backends.ts';
import { MODEL_ROOM, type RoomModel } from './room.model.ts';

/** A roster that nobody asks. */
const joins: FeedDeps['joins'] = { enter: async () => undefined, leave: () => undefined };

/** A bus that delivers when the test calls `deliver`. */
const createBus = () => {
  const listeners = new Set<Listener>();
  const bus: Bus = {
    isConnected: true,
    probe: () => 'embedded',
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

/** A store whose reads wait until the test answers them, with the log as it was when they were called. */
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

/** One room on one replica: does with a feed what the hub and sessions do. Sockets are lists of frames. */
export const createReplica = (room: RoomModel, resyncLimit: number) => {
  const store = createStore(room);
  const { bus, deliver, listeners } = createBus();
  const topic = new Set<Reader>();
  /** Slow readers that have not read the last frame yet; calling one makes it read. */
  const undrained: (() => void)[] = [];
  const feed = new Feed({
    roomId: MODEL_ROOM,
    store,
    bus,
    joins,
    metrics: createChatMetrics(new Registry()),
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
    readonly #isSlow: boolean;
    isOpen = true;
    isIn = false;

    constructor(since: number, isSlow: boolean) {
      this.since = since;
      this.#isSlow = isSlow;
    }

    hear(text: string): void {
      this.frames.push(JSON.parse(text));
    }
    send(frame: ServerFrame): void {
      this.frames.push(frame);
    }
    async sendText(text: string): Promise<void> {
      this.hear(text);
      if (this.#isSlow) await new Promise<void>((resolve) => undrained.push(resolve));
    }
    subscribe(): void {
      topic.add(this);
    }
    unsubscribe(): void {
      topic.delete(this);
    }
    /** Joins as a session does. A reader that fails to catch up is closed, as its client would reconnect. */
    join(): void {
      const enter = () => {
        this.send({ type: 'ready', room_id: MODEL_ROOM, seq: feed.delivered });
        void feed.add(this);
        this.isIn = true;
      };
      feed.expect(this);
      catchUp({ socket: this, feed, store, roomId: MODEL_ROOM, since: this.since, resyncLimit, enter }).catch(() => {
        this.isOpen = false;
      });
    }
  }

  const join = (since: number, isSlow = false): Reader => {
    const reader = new Reader(since, isSlow);
    reader.join();
    return reader;
  };
  const open = async () => {
    const opened = feed.open();
    await turn();
    store.reads.shift()?.answer();
    return opened;
  };
  /** Answers reads, and polls the room's `last_seq` as the hub does, until every reader has joined and the feed has every change. */
  const catchUpAll = (readers: readonly Reader[]) =>
    eventually(async () => {
      feed.noticeLastSeq(room.lastSeq);
      await turn();
      for (const read of store.reads.splice(0)) read.answer();
      for (const drain of undrained.splice(0)) drain();
      await turn();
      expect({ delivered: feed.delivered, reads: store.reads.length }).toEqual({ delivered: room.lastSeq, reads: 0 });
      expect(readers.every(({ isOpen, isIn }) => !isOpen || isIn)).toBe(true);
    });
  return { feed, store, bus, listeners, undrained, deliver, join, open, catchUpAll };
};

/** A turn of the event loop. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

export const seqsOf = (frames: readonly ServerFrame[]) =>
  frames.flatMap((frame) => ('position' in frame && 'seq' in frame ? frame.seq : []));
