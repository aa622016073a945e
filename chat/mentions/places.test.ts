import { describe, expect, test } from 'bun:test';
import { countCharacters } from '@parley/kit/text/text';
import fc from 'fast-check';
import { looseKey, nameKey } from '../people.ts';
import { placesIn } from './places.ts';

const keysIn = (content: string): string[][] => placesIn(content).map(({ names }) => names.map(({ key }) => key));

/** True if the content mentions a person of this name. */
const mentions = (content: string, name: string): boolean =>
  keysIn(content).some((keys) => keys.includes(nameKey(name)));

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
    ['~~~\ncode\n~~~\n@alice', 'alice'],
    ['```\ncode\n```\n@alice', 'alice'],
    ['_@alice_', 'alice'],
    ['**@alice**, look', 'alice'],
    ['~~@alice~~', 'alice'],
    ['***@ann lee*** look', 'ann lee'],
    ['@_ann_', '_ann_'],
    ['@_ann_ and @__init__, look', '__init__'],
    ['*hello @_ann_*', '_ann_'],
    ['@*star* look', '*star*'],
    ['**@*star***', '*star*'],
    ['@**boss**!', '**boss**'],
    ['@~~old~~', '~~old~~'],
    ['＠_ann_', '_ann_'],
    ['＠alice', 'alice'],
    ['你好＠alice', 'alice'],
    ['＠ａｌｉｃｅ', 'alice'],
    ['@민수님 안녕', '민수'],
    ['@민수야', '민수'],
    ['안녕@민수', '민수'],
    ['@bob님', 'bob'],
    ['@o’brien look', "o'brien"],
    ["@o'brien look", 'o’brien'],
    ['@ann’s idea', 'ann'],
    ['@हिमांशु जी', 'हिमांशु'],
    ['@Zoe\u0308 x', 'Zoë'],
    ['@نیم\u200cفاصله سلام', 'نیم\u200cفاصله'],
    ['@👩\u200d🚀 hi', '👩\u200d🚀'],
    ['- @alice', 'alice'],
    ['- one\n- @alice', 'alice'],
    ['1. a\n   - @alice', 'alice'],
    ['# @alice', 'alice'],
    ['> said\n\n@alice', 'alice'],
    ['> said\n@alice', 'alice'],
    ['- one\n@alice', 'alice'],
    ['[x](https://a.example/@bob) @alice', 'alice'],
    ['bob@a.example @alice', 'alice'],
    ['\\@bob @alice', 'alice'],
    ['@クリストファー・コロンブスさん', 'クリストファー・コロンブス'],
    ['a\r\n@alice\r\nb', 'alice'],
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
    ['```\ncode\n``` @alice', 'alice'],
    ['https://a.example/@alice', 'alice'],
    ['see <https://a.example/@alice>', 'alice'],
    ['[@alice](https://a.example)', 'alice'],
    ['![@alice](https://a.example/x.png)', 'alice'],
    ['[x]: https://a.example/@alice', 'alice'],
    ['@alice@a.example', 'a.example'],
    ['> @alice', 'alice'],
    ['> a\n> - @alice', 'alice'],
    ['> a\n> @alice', 'alice'],
    ['- > @alice', 'alice'],
    ['\\@alice', 'alice'],
    ['@@alice', 'alice'],
    ['    @alice', 'alice'],
    ['हि@alice', 'alice'],
    ['**bob**@alice', 'alice'],
    ['@al**ice**', 'al'],
    ['@al\\\\_ice', 'al_ice'],
    ['@Zoe\u0308', 'Zoe'],
    ['@निक', 'न'],
  ];
  test.each(notFound)('%j does not mention %s', (content, name) => {
    expect(mentions(content, name)).toBe(false);
  });

  test('offers the longest name first, so that Ann Lee goes before Ann', () => {
    expect(keysIn('@Ann Lee, hi')).toEqual([['ann lee, hi', 'ann lee,', 'ann lee', 'ann']]);
  });

  test('says where it stands in the text as it was written, in UTF-16 code units', () => {
    const content = '🦊 `@x` **hi**\r\n\r\n- _＠Ann Lee_';
    const [place] = placesIn(content);
    expect(content.slice(place?.at, (place?.at ?? 0) + (place?.names[0]?.length ?? 0))).toBe('＠Ann Lee');
    expect(placesIn(content)).toHaveLength(1);
  });

  test('a name of 100 characters is found, of any width', () => {
    for (const name of ['x'.repeat(100), '𐐨'.repeat(100)]) expect(mentions(`@${name} hi`, name)).toBe(true);
    expect(mentions(`@${'x'.repeat(101)}`, 'x'.repeat(101))).toBe(false);
  });

  test('no more than 50 are found in one message', () => {
    const people = Array.from({ length: 60 }, (_, index) => `@user${index}`).join(' ');
    expect(placesIn(people).length).toBe(50);
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
        const places = placesIn(content);
        expect(places.length).toBeLessThanOrEqual(50);
        expect(places.flatMap(({ names }) => names).length).toBeLessThanOrEqual(500);
        for (const { at, names } of places) {
          expect(names.length).toBeGreaterThan(0);
          for (const { length, key, loose } of names) {
            const written = content.slice(at + 1, at + length);
            expect(countCharacters(written)).toBeLessThanOrEqual(100);
            expect([key, loose]).toEqual([nameKey(written), looseKey(written)]);
            expect(key).not.toBe('');
          }
          expect('@＠﹫').toContain(content[at] ?? '');
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
  /** CPU time of the fastest of five runs, each with a text that isn't cached. CPU time doesn't grow on a busy machine. */
  let asked = 1_000;
  const costOf = (text: string): number => {
    const costs = Array.from({ length: 5 }, () => {
      asked += 1;
      const before = process.cpuUsage();
      placesIn(`@ann ${text.slice(0, -4)}${asked}`);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...costs);
  };
  const written = long('A **bold** word, `code`, [a link](https://a.example/b) and *more*: @ann, ask @Bob Lee, too.\n');

  test.each(slow)('8,000 characters of %j cost no more than some texts that people write', (part) => {
    costOf(written);
    const [cost, usual] = [costOf(long(part)), costOf(written)];
    expect(cost / usual).toBeLessThan(15);
  });
});
