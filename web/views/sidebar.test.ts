import { expect, test } from 'bun:test';
import { compareRooms, roomList } from './sidebar.ts';

const inOrder = (...names: string[]): string[] =>
  names
    .map((name) => ({ id: name.replace(/\W/g, ''), name }))
    .sort(compareRooms)
    .map(({ name }) => name);

test('rooms stand as people look for them: by name, without regard to case or mark, numbers as numbers', () => {
  expect(inOrder('# sprint-10', 'Zoo', '# sprint-9', 'apple', '# Éclair', '# eclipse')).toEqual([
    'apple',
    '# Éclair',
    '# eclipse',
    '# sprint-9',
    '# sprint-10',
    'Zoo',
  ]);
});

test('rooms of one name stand in the order of their ids', () => {
  const [first, second] = [
    { id: 'a', name: 'same' },
    { id: 'b', name: '# same' },
  ];
  expect(compareRooms(first, second)).toBeLessThan(0);
  expect(compareRooms(second, first)).toBeGreaterThan(0);
});

test('rooms of one name, in whatever case, are told apart by their ids, and others have none beside them', () => {
  const room = (id: string, name: string) => ({ id, name, description: null, last_seq: 0 });
  const { text } = roomList(
    [room('general', '# general'), room('copy', '# General'), room('design', '# design')],
    'general',
    () => 0,
  );
  const ids = [...text.matchAll(/<small>([^<]*)<\/small>/g)].map(([, id]) => id);
  expect(ids.toSorted()).toEqual(['copy', 'general']);
});
