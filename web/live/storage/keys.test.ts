import { expect, test } from 'bun:test';
import { memoryStore } from '../../testing/store.ts';
import { createOutbox, outgoingTo } from '../sending/outbox.ts';
import { createDrafts } from './drafts.ts';
import { keysOf, removeAll } from './keys.ts';

const writing = { content: 'hello', messageType: 'text', fileUrl: null } as const;

test('the entries of a user are listed and removed, and nobody else’s', () => {
  const store = memoryStore();
  store.setItem('theme', 'dark');
  for (const userId of ['ada', 'ada:b', 'bob']) {
    createOutbox(store, userId).keep(outgoingTo('general', writing));
    createDrafts(store, memoryStore(), userId).write('general', 'half');
    createDrafts(store, memoryStore(), userId).write('edit:m1', 'an edit');
  }
  const counts = (userId: string) => (['out', 'draft'] as const).map((kind) => keysOf(store, kind, userId).length);
  expect(['ada', 'ada:b', 'bob', 'carol'].map(counts)).toEqual([
    [1, 2],
    [1, 2],
    [1, 2],
    [0, 0],
  ]);
  removeAll(store, 'ada');
  expect(['ada', 'ada:b', 'bob'].map(counts)).toEqual([
    [0, 0],
    [1, 2],
    [1, 2],
  ]);
  expect(createOutbox(store, 'ada').all()).toEqual([]);
  expect(createDrafts(store, memoryStore(), 'ada:b').read('general')).toBe('half');
  expect(store.length).toBe(7);
});
