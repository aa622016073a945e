import { describe, expect, test } from 'bun:test';
import { withoutSpoilers } from './hidden.ts';

describe('a text without its spoilers', () => {
  for (const [content, shown] of [
    ['@bob the butler ||did it||', '@bob the butler ▒▒▒'],
    ['||a|| and ||a longer one||', '▒▒▒ and ▒▒▒'],
    ['**the ||killer||** is known', '**the ▒▒▒** is known'],
    ['- one ||x||\n- two ||y||', '- one ▒▒▒\n- two ▒▒▒'],
    ['> quoted ||secret||', '> quoted ▒▒▒'],
    ['| a |\n|---|\n| \\|\\|x\\|\\| |', '| a |\n|---|\n| ▒▒▒ |'],
    ['`||code||` and ||text||', '`||code||` and ▒▒▒'],
    ['a || b || c', 'a || b || c'],
    ['nothing hidden', 'nothing hidden'],
  ] as const)
    test(JSON.stringify(content), () => expect(withoutSpoilers(content)).toBe(shown));
});
