import { describe, expect, test } from 'bun:test';
import { memoryStore } from '../../testing/store.ts';
import { holdingStore } from '../storage/store.ts';
import { clientIdOfKey, createOutbox, MAX_WAITING, type Outgoing, outgoingTo } from './outbox.ts';

const outgoing = (at: number, fields: Partial<Outgoing> = {}): Outgoing => ({
  clientId: `c${at}`,
  room: 'general',
  content: `text ${at}`,
  messageType: 'text',
  fileUrl: null,
  at,
  ...fields,
});

describe('the outbox', () => {
  test('keeps messages, in the order of writing, for the next page', () => {
    const store = memoryStore();
    const outbox = createOutbox(store, 'ada');
    for (const at of [2, 1, 3]) outbox.keep(outgoing(at));
    expect(createOutbox(store, 'ada').all()).toEqual([outgoing(1), outgoing(2), outgoing(3)]);
    expect(createOutbox(store, 'bob').all()).toEqual([]);
  });

  test('orders messages by writing, also within one millisecond and after the clock was set back', () => {
    const store = memoryStore();
    const now = Date.now;
    try {
      for (const [index, time] of [5e12, 5e12, 5e12 - 60_000].entries()) {
        Date.now = () => time;
        const content = `${index}`;
        createOutbox(store, 'ada').keep(outgoingTo('general', { content, messageType: 'text', fileUrl: null }));
      }
    } finally {
      Date.now = now;
    }
    const ordered = createOutbox(store, 'ada').all();
    expect(ordered.map(({ content }) => content)).toEqual(['0', '1', '2']);
    expect(new Set(ordered.map(({ at }) => at)).size).toBe(3);
  });

  test('removes a message only when it is dropped', () => {
    const store = memoryStore();
    const outbox = createOutbox(store, 'ada');
    outbox.keep(outgoing(1));
    outbox.keep(outgoing(1, { fault: 'too long' }));
    expect(createOutbox(store, 'ada').all()).toEqual([outgoing(1, { fault: 'too long' })]);
    outbox.keep(outgoing(1));
    expect(createOutbox(store, 'ada').all()).toEqual([outgoing(1)]);
    outbox.drop('c1');
    expect(createOutbox(store, 'ada').all()).toEqual([]);
  });

  test('is shared by tabs: one doesn’t undo what the other keeps', () => {
    const store = memoryStore();
    const [one, other] = [createOutbox(store, 'ada'), createOutbox(store, 'ada')];
    one.keep(outgoing(1));
    other.keep(outgoing(2));
    one.drop('c1');
    expect(createOutbox(store, 'ada').all()).toEqual([outgoing(2)]);
    expect(clientIdOfKey('parley:out:ada:c1', 'ada')).toBe('c1');
    expect(clientIdOfKey('parley:out:bob:c1', 'ada')).toBeUndefined();
  });

  test('is bounded, and reports that it is full before a message is lost', () => {
    const outbox = createOutbox(memoryStore(), 'ada');
    for (let at = 0; at < MAX_WAITING; at += 1) {
      expect(outbox.isFull).toBe(false);
      outbox.keep(outgoing(at));
    }
    expect(outbox.isFull).toBe(true);
  });

  test('holds messages in memory if the browser stores nothing, and skips foreign entries', () => {
    for (const full of [holdingStore(memoryStore(true)), holdingStore(undefined)]) {
      const outbox = createOutbox(full, 'ada');
      outbox.keep(outgoing(1));
      expect(outbox.all()).toEqual([outgoing(1)]);
      expect([createOutbox(full, 'ada').all(), full.held]).toEqual([[outgoing(1)], 1]);
      outbox.drop('c1');
      expect([createOutbox(full, 'ada').all(), full.held]).toEqual([[], 0]);
    }
    const store = memoryStore();
    store.setItem('parley:out:ada:x', '{broken');
    store.setItem('parley:out:ada:y', '"text"');
    store.setItem('other', '1');
    expect(createOutbox(store, 'ada').all()).toEqual([]);
  });
});
