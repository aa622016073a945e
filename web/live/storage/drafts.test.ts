import { expect, test } from 'bun:test';
import { memoryStore } from '../../testing/store.ts';
import { createDrafts } from './drafts.ts';
import { holdingStore } from './store.ts';

test('two tabs in one room have each their own draft, and sending one leaves the other', () => {
  const [shared, tabs] = [memoryStore(), [memoryStore(), memoryStore()]];
  const open = (tab: number) => createDrafts(shared, tabs[tab] ?? memoryStore(), 'ada');
  open(0).write('general', 'first');
  open(1).write('general', 'second');
  expect([open(0).read('general'), open(1).read('general'), open(2).read('general')]).toEqual([
    'first',
    'second',
    'second',
  ]);
  open(0).write('general', '');
  expect([open(0).read('general'), open(1).read('general')]).toEqual(['', 'second']);
  open(1).write('general', '');
  expect([open(0).read('general'), open(1).read('general'), shared.length]).toEqual(['', '', 0]);
});

test('a tab that shows another tab’s draft can empty it', () => {
  const shared = memoryStore();
  createDrafts(shared, memoryStore(), 'ada').write('general', 'left behind');
  const tab = createDrafts(shared, memoryStore(), 'ada');
  expect(tab.read('general')).toBe('left behind');
  tab.write('general', '');
  expect([tab.read('general'), shared.length]).toEqual(['', 0]);
});

test('if the browser stores nothing, the page holds the draft', () => {
  const [shared, own] = [holdingStore(memoryStore(true)), holdingStore(undefined)];
  createDrafts(shared, own, 'ada').write('general', 'half');
  expect(createDrafts(shared, own, 'ada').read('general')).toBe('half');
  expect(shared.held).toBe(1);
});
