import { expect, test } from 'bun:test';
import { emojiNamed } from './emoji.ts';
import { completedWord, typedShortcode } from './words.ts';

const nameIn = (before: string): string | undefined => typedShortcode(before)?.name;

test('a shortcode is what stands between two colons, after a space or at the beginning', () => {
  for (const before of [
    ':smile:',
    'well :smile:',
    'well\n:smile:',
    '(:smile:',
    'a `b` :smile:',
    '```\na\n```\n:smile:',
  ])
    expect(nameIn(before)).toBe('smile');
  expect(nameIn(':thumbs_up:')).toBe('thumbs_up');
  for (const before of ['', ':', '::', ':smile', 'smile:', 'a:smile:', 'http://a:80:', ': smile:', ':a:'])
    expect(nameIn(before)).toBeUndefined();
});

test('in code there is none, and nothing is completed', () => {
  for (const before of ['`', 'see `a ', '```\n', '```js\nlet a = {\n', '``a`b ', 'one `two` three `']) {
    expect(nameIn(`${before} :smile:`)).toBeUndefined();
    expect(completedWord(`${before} :smile`)).toBeUndefined();
  }
  expect(nameIn('an open ` here\n\n:smile:')).toBe('smile');
  expect(completedWord(':smile')).toEqual({ sign: ':', word: 'smile' });
});

const typed = (before: string): string | undefined => {
  const completed = completedWord(before);
  return completed?.sign === '@' ? completed.word : undefined;
};

test('a name is completed in any script, behind whatever may stand before a mention', () => {
  for (const name of [
    '',
    'an',
    'हि',
    'की',
    'สมช',
    '민',
    'o’br',
    "o'b",
    'Zoe\u0308',
    'عل',
    'ann l',
    'Mary Ann O’B',
    'c++',
  ])
    for (const before of [
      '',
      'hi ',
      'hi\n',
      '(',
      '[',
      '{',
      '“',
      '"',
      "'",
      '—',
      '¿',
      '*',
      '_',
      '你好',
      'さん、',
      '안녕',
      '/',
    ])
      for (const sign of ['@', '＠'])
        expect([before, name, typed(`${before}${sign}${name}`)]).toEqual([before, name, name]);
});

test('no name is completed in an address, behind another sign, in code, in a quote or after a space', () => {
  for (const before of [
    'a@b',
    'a_@b',
    'é@',
    'हि@',
    '@@an',
    '\\@an',
    '`@an',
    '```\n@an',
    '> @an',
    'a\n> so @an',
    '@ an',
    '@ann ',
  ])
    expect([before, typed(before)]).toEqual([before, undefined]);
  expect(typed(`@${'a'.repeat(51)}`)).toBeUndefined();
  expect(typed('@one two three four five')).toBeUndefined();
  expect(typed('a > b @an')).toBe('an');
});

test('names are found however they are written, and no others', () => {
  expect([emojiNamed('smile'), emojiNamed('Rocket'), emojiNamed('smil'), emojiNamed('nothing')]).toEqual([
    '😄',
    '🚀',
    undefined,
    undefined,
  ]);
});
