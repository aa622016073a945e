/** A message's text for where nobody can press a spoiler to see it: a notification, a phone's lock screen. */
import type { Token } from 'marked';
import { groupsOf } from './groups.ts';
import { tokensOf } from './lexer.ts';

/** Stands for a spoiler, whatever its length: the length is part of the secret. */
const MASK = '▒▒▒';
/** For a spoiler in a table's cell, written `\|\|text\|\|`: the lexer takes the backslashes out, so its raw text isn't in the content. */
const ANY_SPOILER = /(?:\\?\|){2}[^|\n]+(?:\\?\|){2}/g;

/** The outermost spoilers as they were written, in their order. */
const spoilersOf = (tokens: readonly Token[]): readonly string[] =>
  tokens.flatMap((token) => (token.type === 'spoiler' ? [token.raw] : groupsOf(token).flatMap(spoilersOf)));

/** The content with each spoiler masked. */
export const withoutSpoilers = (content: string): string => {
  if (!/\|\\?\|/.test(content)) return content;
  let shown = '';
  let end = 0;
  for (const spoiler of spoilersOf(tokensOf(content))) {
    const at = content.indexOf(spoiler, end);
    if (at < 0) return content.replace(ANY_SPOILER, MASK);
    shown += content.slice(end, at) + MASK;
    end = at + spoiler.length;
  }
  return shown + content.slice(end);
};
