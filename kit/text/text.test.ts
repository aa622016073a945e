/** Names and ids of people and rooms. */
import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { assert, property, string } from 'fast-check';
import { countCharacters, isStorable, RoomId, storableText, UserId } from './text.ts';

describe('A name', () => {
  test.each(['a', 'Zoë', '李小龍', 'محمد', '👩‍👩‍👧', 'a b', "O'Hara <b>", 'x'.repeat(100), '🙂'.repeat(100)])(
    'may be %p',
    (name) => {
      expect(Value.Check(UserId, name)).toBeTrue();
    },
  );

  test.each(['', ' ', '\t', 'a\nb', 'a\0b', '\u007f', '\ud800', 'x'.repeat(101), '🙂'.repeat(101)])(
    'may not be %p',
    (name) => {
      expect(Value.Check(UserId, name)).toBeFalse();
    },
  );
});

describe('A room id', () => {
  test.each(['general', 'a', 'A.b_c-9', 'x'.repeat(50)])('may be %p', (id) => {
    expect(Value.Check(RoomId, id)).toBeTrue();
  });

  test.each(['', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(51)])('may not be %p', (id) => {
    expect(Value.Check(RoomId, id)).toBeFalse();
  });
});

test('text that is storable survives UTF-8, and any other doesn’t', () => {
  const unit = 'binary' as const;
  assert(
    property(string({ unit }), (text) => {
      const survives = new TextDecoder().decode(new TextEncoder().encode(text)) === text && !text.includes('\0');
      expect(isStorable(text)).toBe(survives);
      expect(countCharacters(text)).toBe([...text].length);
    }),
  );
  for (const text of ['\ud800', 'a\udc00b', '\0']) expect(isStorable(text)).toBeFalse();
});

test('free text has a limit', () => {
  const schema = storableText(3, { description: 'A text' });
  expect([Value.Check(schema, 'abc'), Value.Check(schema, 'abcd'), Value.Check(schema, 'a\0')]).toEqual([
    true,
    false,
    false,
  ]);
});
