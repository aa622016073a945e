import { describe, expect, test } from 'bun:test';
import { Failure } from '@parley/kit/errors/failure';
import { MAX_CONTENT_CHARACTERS } from './content.ts';
import { tidyContent, tidyEdit } from './rules.ts';

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
  return undefined;
};

describe('content', () => {
  test('is trimmed, and nothing else is changed', () => {
    expect(tidyContent('  a\t🦊 <b>&amp; ')).toBe('a\t🦊 <b>&amp;');
  });

  test.each([
    ['    if a:\n        b', '    if a:\n        b'],
    ['\n \n\tif a:\n\t\tb\n\n', '\tif a:\n\t\tb'],
    ['\r\n  a:\r\n    b: 1\r\n', '  a:\r\n    b: 1'],
    ['  a  ', 'a'],
    ['\n  a  \n', 'a'],
  ])('%j keeps the indentation of a first line that more follow: %j', (given, kept) => {
    expect(tidyContent(given)).toBe(kept);
  });

  const nothingToSee = [
    '\u200b',
    '\u3164',
    '\u2800',
    '\u200d\u200c \u2060',
    '\ufe0f',
    '\u115f\uffa0',
    '\u{e0041}',
    '\u202e',
  ];
  test.each(['', ' ', '\n\t', '\u00a0', '\ufeff', ...nothingToSee])(
    '%j is empty: there is nothing to send',
    (content) => {
      expect(tidyContent(content)).toBe('');
    },
  );

  test('fits up to 8,000 characters, of any width, spaces around it not counted', () => {
    expect(MAX_CONTENT_CHARACTERS).toBe(8_000);
    for (const character of ['x', 'é', '🦊']) {
      const content = character.repeat(8_000);
      expect(tidyContent(` ${content}\n`)).toBe(content);
      expect(codeOf(() => tidyContent(`${content}x`))).toBe('content_too_long');
    }
  });

  test('that is too long is refused with its length', () => {
    expect(() => tidyContent('🦊'.repeat(8_001))).toThrow('8001 characters');
  });

  test.each(['a\0b', '\ud83e', 'a\udd8ab'])('%j is refused, because Postgres can not store it', (content) => {
    expect(codeOf(() => tidyContent(content))).toBe('invalid_input');
  });
});

describe('the content of an edit', () => {
  test('is tidied like any other', () => {
    expect(tidyEdit(' a ')).toBe('a');
    expect(codeOf(() => tidyEdit('x'.repeat(8_001)))).toBe('content_too_long');
  });

  test('is never empty, and the refusal advises to delete', () => {
    expect(codeOf(() => tidyEdit(' \n'))).toBe('invalid_input');
    expect(() => tidyEdit('')).toThrow('delete it');
  });
});
