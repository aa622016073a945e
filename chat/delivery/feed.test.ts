import { describe, expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { createReplica, seqsOf, turn } from '../testing/replica.model.ts';
import { createRoomModel, MODEL_ROOM, type Operation } from '../testing/room.model.ts';

const APPEND: Operation = { kind: 'append', target: 0 };
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
    const { room, join, deliver, catchUpAll } = await openRoom(3);
    const reader = join(3);
    room.commit(APPEND);
    deliver(room.commit(APPEND).text);
    expect(seqsOf(reader.frames)).toEqual([]);
    await catchUpAll([reader]);
    expect(seqsOf(reader.frames)).toEqual([4, 5]);
  });

  test('delivers events that are not in the log, and drops texts that are no event', async () => {
    const { join, deliver, catchUpAll } = await openRoom(0);
    const reader = join(0);
    await catchUpAll([reader]);
    for (const text of ['{"type":"typing"}', '{', '5', 'null', '[]', '{"type":"hello","seq":"x"}']) deliver(text);
    expect(reader.frames.map(({ type }) => type as string)).toEqual(['ready', 'typing', 'hello']);
  });

  test('reads the log once for a seq that it does not have, and continues without it', async () => {
    const { room, join, deliver, catchUpAll, store } = await openRoom(1);
    const reader = join(1);
    await catchUpAll([reader]);
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

  test('sends resync to everyone when it missed more than it may fetch', async () => {
    const { room, join, deliver, catchUpAll } = await openRoom(0, 3);
    const reader = join(0);
    await catchUpAll([reader]);
    for (let count = 1; count < 5; count += 1) room.commit(APPEND);
    deliver(room.commit(APPEND).text);
    await catchUpAll([reader]);
    expect(reader.frames.map(({ type }) => type)).toEqual(['ready', 'resync']);
    deliver(room.commit(APPEND).text);
    expect(seqsOf(reader.frames)).toEqual([6]);
  });

  test('reads again, not before the next poll, when the log could not be read', async () => {
    const { room, join, deliver, catchUpAll, store } = await openRoom(0);
    const reader = join(0);
    await catchUpAll([reader]);
    room.commit(APPEND);
    deliver(room.commit(APPEND).text);
    await eventually(() => expect(store.reads.length).toBe(1));
    store.reads.shift()?.fail();
    await Bun.sleep(20);
    expect(store.reads.length).toBe(0);
    await catchUpAll([reader]);
    expect(seqsOf(reader.frames)).toEqual([1, 2]);
  });

  test('that was closed sends nothing more, not even what it was fetching', async () => {
    const { room, join, deliver, catchUpAll, store, feed, listeners } = await openRoom(0);
    const reader = join(0);
    await catchUpAll([reader]);
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
    const { feed, store, deliver, catchUpAll, join } = createReplica(room, 100);
    const opened = feed.open();
    await turn();
    deliver(room.commit(APPEND).text);
    store.reads.shift()?.answer();
    await opened;
    expect(feed.delivered).toBe(0);
    await eventually(() => expect(store.reads.length).toBe(1));
    const reader = join(0);
    await catchUpAll([reader]);
    expect(seqsOf(reader.frames)).toEqual([1]);
  });
});

describe('a socket that catches up', () => {
  test('gets what it missed, then that it is ready, then what is live', async () => {
    const room = createRoomModel();
    for (let count = 0; count < 450; count += 1) room.commit(APPEND);
    const { open, join, catchUpAll, deliver } = createReplica(room, 1_000);
    await open();
    const reader = join(10);
    await catchUpAll([reader]);
    deliver(room.commit(APPEND).text);
    expect(seqsOf(reader.frames)).toEqual(Array.from({ length: 441 }, (_, index) => index + 11));
    expect(reader.frames.at(-2)).toEqual({ type: 'ready', room_id: MODEL_ROOM, seq: 450 });
  });

  test('of many pages gets a message that is edited meanwhile, and no number twice', async () => {
    const room = createRoomModel();
    for (let count = 0; count < 250; count += 1) room.commit(APPEND);
    const { open, join, catchUpAll, store, deliver } = createReplica(room, 1_000);
    await open();
    const reader = join(0);
    expect(store.reads.length).toBe(1);
    deliver(room.commit({ kind: 'edit', target: 240 }).text);
    await catchUpAll([reader]);
    const seqs = seqsOf(reader.frames);
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
    const edited = reader.frames.filter((frame) => 'id' in frame && frame.id === 'message 241');
    expect(edited).toMatchObject([{ type: 'message', seq: 251, content: 'content 251' }]);
  });

  test('gets resync when it is too far behind, or ahead of the log', async () => {
    const room = createRoomModel();
    for (let count = 0; count < 10; count += 1) room.commit(APPEND);
    const { open, join, catchUpAll } = createReplica(room, 5);
    await open();
    const readers = [join(4), join(11), join(5)];
    await catchUpAll(readers);
    expect(readers.map(({ frames }) => frames.map(({ type }) => type).slice(0, 2))).toEqual([
      ['resync', 'ready'],
      ['resync', 'ready'],
      ['message', 'message'],
    ]);
  });
});
