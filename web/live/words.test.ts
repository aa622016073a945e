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

test('names are found however they are written, and no others', () => {
  expect([emojiNamed('smile'), emojiNamed('Rocket'), emojiNamed('smil'), emojiNamed('nothing')]).toEqual([
    '😄',
    '🚀',
    undefined,
    undefined,
  ]);
});
