/** Masks spoilers, for places where nobody can press one to see it: a notification, a phone's lock screen. */
import type { Token } from 'marked';
import { groupsOf } from './groups.ts';
import { tokensOf } from './lexer.ts';

/** Replaces a spoiler. Of one length, because the length of a spoiler is secret, too. */
const MASK = '▒▒▒';
/** Also matches a spoiler in a table's cell, `\|\|text\|\|`: the lexer removes its backslashes, so the token's raw text isn't in the content. */
const ANY_SPOILER = /(?:\\?\|){2}[^|\n]+(?:\\?\|){2}/g;

/** The raw texts of the outermost spoilers, in order. */
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
