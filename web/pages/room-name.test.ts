import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { roomIdOf, tidyRoomName } from './room-name.ts';

test('a room’s id is made of the letters and digits of its name', () => {
  expect(roomIdOf('Launch party')).toBe('launch-party');
  expect(roomIdOf('Café & Küche')).toBe('cafe-kuche');
  expect(roomIdOf('v2.0_beta')).toBe('v2.0_beta');
  expect(roomIdOf('Заметки')).toMatch(/^room-[0-9a-f]{8}$/);
  expect(roomIdOf('..')).toMatch(/^room-/);
});

test('any name gives an id that chat accepts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(roomIdOf(tidyRoomName(name))).toMatch(/^[A-Za-z0-9._-]{1,50}$/);
    }),
  );
});

test('a name keeps its script, without invisible characters', () => {
  expect(tidyRoomName('  ## Заметки \u202E и  идеи\n')).toBe('Заметки и идеи');
  for (const nothing of ['\u200b', '\u3164', '\u2800', '# \uffa0', '\u200d']) expect(tidyRoomName(nothing)).toBe('');
  expect(tidyRoomName('👩‍👧')).toBe('👩‍👧');
});
