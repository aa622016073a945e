import { beforeEach, expect, test } from 'bun:test';
import { type Counts, createCounts } from './counts.ts';

let counts: Counts;
const ann = (first: number, last = first, messages = last - first + 1) => ({
  ...{ room_id: 'devops', user_id: 'ann', messages, first_position: first, last_position: last },
});
const gone = (position: number, seq: number, user_id = 'ann') => ({ room_id: 'devops', user_id, position, seq });

beforeEach(() => {
  counts = createCounts('general', 'bob');
  counts.reset([
    { room_id: 'general', unread: 5, read_position: 1, last_seq: 9 },
    { room_id: 'devops', unread: 2, read_position: 10, last_seq: 12 },
  ]);
});

test('the open room is left out', () => {
  expect([counts.of('general'), counts.total]).toEqual([0, 2]);
  expect(counts.add({ ...ann(10), room_id: 'general' })).toBe('none');
  expect(counts.total).toBe(2);
});

test('new messages of others count once, one’s own never', () => {
  expect(counts.add(ann(12))).toBe('none');
  expect(counts.add({ ...ann(13), user_id: 'bob' })).toBe('none');
  expect(counts.add(ann(13, 14))).toBe('counted');
  expect(counts.of('devops')).toBe(4);
  expect(counts.add({ ...ann(1), room_id: 'new' })).toBe('counted');
  expect(counts.total).toBe(5);
});

test('the count is unsure when the answer of chat includes only some of the new messages', () => {
  expect(counts.add(ann(12, 14))).toBe('unsure');
  expect(counts.of('devops')).toBe(2);
});

test('a deleted message is discounted, whether it was in the answer of chat or arrived since', () => {
  expect(counts.remove(gone(12, 13))).toBe('counted');
  counts.add(ann(14));
  expect(counts.of('devops')).toBe(2);
  expect(counts.remove(gone(14, 15))).toBe('counted');
  expect(counts.of('devops')).toBe(1);
});

test('a deleted message that was not counted changes nothing: a read one, one’s own, one deleted before the answer', () => {
  expect(counts.remove(gone(10, 13))).toBe('none');
  expect(counts.remove(gone(12, 13, 'bob'))).toBe('none');
  expect(counts.remove(gone(11, 12))).toBe('none');
  expect(counts.remove({ ...gone(1, 2), room_id: 'elsewhere' })).toBe('none');
  expect(counts.of('devops')).toBe(2);
});

test('a deletion makes the count unsure at the limit, and in a room that was never read', () => {
  counts.reset([{ room_id: 'devops', unread: 100, read_position: 10, last_seq: 500 }]);
  expect(counts.remove(gone(12, 501))).toBe('unsure');
  counts.reset([{ room_id: 'devops', unread: 2, read_position: 0, last_seq: 12 }]);
  expect(counts.remove(gone(3, 13))).toBe('unsure');
  counts.add(ann(14));
  expect(counts.remove(gone(14, 15))).toBe('counted');
  expect(counts.of('devops')).toBe(2);
});
