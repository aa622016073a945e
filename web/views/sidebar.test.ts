import { expect, test } from 'bun:test';
import { compareRooms, roomList } from './sidebar.ts';

const inOrder = (...names: string[]): string[] =>
  names
    .map((name) => ({ id: name.replace(/\W/g, ''), name }))
    .sort(compareRooms)
    .map(({ name }) => name);

test('rooms are ordered by name, regardless of case and `#`, with numbers as numbers', () => {
  expect(inOrder('# sprint-10', 'Zoo', '# sprint-9', 'apple', '# Éclair', '# eclipse')).toEqual([
    'apple',
    '# Éclair',
    '# eclipse',
    '# sprint-9',
    '# sprint-10',
    'Zoo',
  ]);
});

test('rooms with the same name are ordered by id', () => {
  const [first, second] = [
    { id: 'a', name: 'same' },
    { id: 'b', name: '# same' },
  ];
  expect(compareRooms(first, second)).toBeLessThan(0);
  expect(compareRooms(second, first)).toBeGreaterThan(0);
});

test('the id is shown for rooms whose names differ only by case, and for no others', () => {
  const room = (id: string, name: string) => ({ id, name, description: null, last_seq: 0 });
  const { text } = roomList(
    [room('general', '# general'), room('copy', '# General'), room('design', '# design')],
    'general',
    () => 0,
  );
  const ids = [...text.matchAll(/<small>([^<]*)<\/small>/g)].map(([, id]) => id);
  expect(ids.toSorted()).toEqual(['copy', 'general']);
});
