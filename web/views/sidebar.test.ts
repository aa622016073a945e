import { expect, test } from 'bun:test';
import { compareRooms } from './sidebar.ts';

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
