import { describe, expect, test } from 'bun:test';
import { countCharacters } from '@parley/kit/text';
import fc from 'fast-check';
import { findMentions, nameKey } from './mentions.ts';

/** Whether a person of this name would be mentioned. */
const mentions = (content: string, name: string): boolean =>
  findMentions(content).some((candidates) => candidates.includes(nameKey(name)));

describe('a mention', () => {
  const found: [string, string][] = [
    ['@alice', 'alice'],
    ['hi @alice!', 'alice'],
    ['(@alice)', 'alice'],
    ['"@alice"', 'alice'],
    ['hi\n@alice\nbye', 'alice'],
    ['@alice, @bob', 'bob'],
    ['@alice@bob', 'alice'],
    ['ask @Ann Lee about it', 'ann lee'],
    ['ask @Ann Lee about it', 'ann'],
    ['@Ann Lee', 'ann lee'],
    ["@O'Neil said", "o'neil"],
    ['@jean-luc.picard.', 'jean-luc.picard'],
    ['@user_42: hello', 'user_42'],
    ['@алиса привет', 'алиса'],
    ['@Ελένη, γεια', 'ελένη'],
    ['مرحبا @علي كيف', 'علي'],
    ['שלום @דוד!', 'דוד'],
    ['@홍길동 안녕', '홍길동'],
    ['@नरेश नमस्ते', 'नरेश'],
    ['こんにちは @田中さん', '田中'],
    ['こんにちは@田中さん', '田中'],
    ['@bobさん、お願いします', 'bob'],
    ['请@王小明看一下', '王小明'],
    ['สวัสดี@สมชายครับ', 'สมชาย'],
    ['@José', 'José'],
    ['@ＡＬＩＣＥ', 'alice'],
    ['@ALICE', 'alice'],
    ['@alice', 'ALICE'],
    ['@🦊 hello', '🦊'],
    ['👋@alice', 'alice'],
    ['50%@alice', 'alice'],
    ['`code` @alice `more`', 'alice'],
    ['a ` alone @alice', 'alice'],
    ['```\ncode\n``` @alice', 'alice'],
    ['~~~\ncode\n~~~\n@alice', 'alice'],
  ];
  test.each(found)('%j mentions %s', (content, name) => {
    expect(mentions(content, name)).toBe(true);
  });

  const notFound: [string, string][] = [
    ['alice', 'alice'],
    ['@ alice', 'alice'],
    ['@alicette', 'alice'],
    ['@alice_2', 'alice'],
    ['@alice2', 'alice'],
    ['write to alice@example.com', 'example'],
    ['write to alice@example.com', 'example.com'],
    ['élève@alice', 'alice'],
    ['42@alice', 'alice'],
    ['a_@alice', 'alice'],
    ['@Ann\nLee', 'ann lee'],
    ['`@alice`', 'alice'],
    ['``a ` @alice``', 'alice'],
    ['```\n@alice\n```', 'alice'],
    ['```ts\nconst a = "@alice";', 'alice'],
    ['~~~\n@alice', 'alice'],
    ['````\n```\n@alice\n````', 'alice'],
  ];
  test.each(notFound)('%j does not mention %s', (content, name) => {
    expect(mentions(content, name)).toBe(false);
  });

  test('offers the longest name first, so that Ann Lee goes before Ann', () => {
    expect(findMentions('@Ann Lee, hi')).toEqual([['ann lee, hi', 'ann lee,', 'ann lee', 'ann']]);
  });

  test('names are compared without regard to how their characters are composed', () => {
    expect(nameKey('Jose\u0301')).toBe(nameKey('JOSÉ'));
    expect(nameKey('ﬁn')).toBe('fin');
  });

  test('a name of 100 characters is found, of any width', () => {
    for (const name of ['x'.repeat(100), '𐐨'.repeat(100)]) expect(mentions(`@${name} hi`, name)).toBe(true);
    expect(mentions(`@${'x'.repeat(101)}`, 'x'.repeat(101))).toBe(false);
  });

  test('no more than 50 are found in one message', () => {
    const people = Array.from({ length: 60 }, (_, index) => `@user${index}`).join(' ');
    expect(findMentions(people).length).toBe(50);
    expect(mentions(people, 'user49')).toBe(true);
    expect(mentions(people, 'user50')).toBe(false);
  });
});

describe('whatever the text', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(fc.constantFrom('@', '`', '``', '```', '~~~', '\n', ' ', 'a', 'あ', 'é', '\u0301', '🦊', '\ud83e', ','), {
        maxLength: 400,
      })
      .map((parts) => parts.join('')),
  );

  test('finding mentions never throws and stays within its bounds', () => {
    fc.assert(
      fc.property(hostile, (content) => {
        const places = findMentions(content);
        expect(places.length).toBeLessThanOrEqual(50);
        for (const candidates of places) {
          expect(candidates.length).toBeGreaterThan(0);
          expect(candidates.length).toBeLessThanOrEqual(12);
          const lengths = candidates.map((candidate) => countCharacters(candidate));
          expect(lengths.every((length) => length > 0)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a name in plain words around it is found, whatever the script', () => {
    const letters = fc.constantFrom(...'abzéßяλعقहक한글', 'İ', '0', '9');
    const name = fc.array(letters, { minLength: 1, maxLength: 20 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(name, fc.constantFrom('', 'hi ', '(', '…'), fc.constantFrom('', '!', ' hi', ', hi'), (who, a, b) => {
        expect(mentions(`${a}@${who}${b}`, who)).toBe(true);
      }),
    );
  });

  const long = (part: string): string => part.repeat(Math.ceil(8_000 / part.length)).slice(0, 8_000);
  const slow = ['`', '``', '```', '` ', '`` `', '`a``b', '``a`', '@', '@a', '@a ', '@,', '@@a`', '~~~', '~~~`', '@あ'];
  test.each(slow)('8,000 characters of %j take no longer than a blink', (part) => {
    findMentions(long(part).slice(0, 80));
    // The shortest of a few: a machine that is held up makes one slow, not all.
    const tookMs = Array.from({ length: 5 }, () => {
      const startedAt = performance.now();
      findMentions(long(part));
      return performance.now() - startedAt;
    });
    expect(Math.min(...tookMs)).toBeLessThan(200);
  });
});
