/**
 * The plain texts of a message: the words that its tokens show, in which a mention may stand. Code, links and quotes are left out.
 *
 * A mention needs its offset in the content, but tokens have no offsets, and the lexer removes line prefixes and carriage returns. It does
 * keep every sign (`@`) once and in order in the tokens' raw text: the k-th sign of the content is the k-th sign of the tokens. A token
 * with fewer signs inside than in its raw text has no plain texts.
 */
import type { Token, Tokens } from 'marked';
import { groupsOf } from './groups.ts';
import { MAX_NESTING, tokensOf } from './lexer.ts';
import { lastCharacter, SIGN } from './signs.ts';

export interface PlainText {
  /** The token that shows the text. */
  readonly token: Token;
  readonly text: string;
  /** The characters that are shown before and after the text; '' at a line's end, or beside code, a link or the like. */
  readonly before: string;
  readonly after: string;
  /** The signs in the text: `index` in `text`, `at` in the content; in UTF-16 code units. */
  readonly signs: readonly { readonly index: number; readonly at: number }[];
}

const indexesOf = (text: string): number[] => Array.from(text.matchAll(SIGN), ({ index }) => index);

/** Tokens that only format their words: the words inside continue those around them. */
const SEEN_THROUGH = new Set(['strong', 'em', 'del', 'spoiler']);
const BLOCKS = new Set(['paragraph', 'heading', 'text', 'list', 'table']);

/** The groups of tokens inside a token whose words are plain; undefined if it has none. */
const within = (token: Token): readonly (readonly Token[])[] | undefined => {
  const groups = SEEN_THROUGH.has(token.type) || BLOCKS.has(token.type) ? groupsOf(token) : [];
  return groups.length > 0 ? groups : undefined;
};

type Found = { -readonly [Key in keyof PlainText]: PlainText[Key] };

/** @param tokens those of the content */
export const plainTextsOf = (content: string, tokens = tokensOf(content)): readonly PlainText[] => {
  const offsets = indexesOf(content);
  const found: Found[] = [];
  let next = 0;
  let last = '';
  let open: Found | undefined;

  const show = (text: string): void => {
    if (text === '') return;
    if (open) open.after = String.fromCodePoint(text.codePointAt(0) ?? 0);
    open = undefined;
    last = lastCharacter(text);
  };
  const interrupt = (): void => {
    open = undefined;
    last = '';
  };
  const take = (token: Token, text: string): void => {
    const signs = indexesOf(text).map((index) => ({ index, at: offsets[next++] ?? -1 }));
    const before = last;
    show(text);
    open = { token, text, before, after: '', signs };
    if (signs.length > 0) found.push(open);
  };

  const walk = (tokens: readonly Token[], depth: number): void => {
    if (depth <= MAX_NESTING) for (const token of tokens) visit(token, depth);
  };

  /** Walks the tokens inside a text, and drops the plain texts that it found unless it met all signs of the text. */
  const enter = (raw: string, groups: readonly (readonly Token[])[], depth: number): void => {
    const end = next + indexesOf(raw).length;
    const before = found.length;
    for (const [index, group] of groups.entries()) {
      if (index > 0) interrupt();
      walk(group, depth);
    }
    if (next !== end) found.length = before;
    next = end;
  };

  const visit = (token: Token, depth: number): void => {
    const groups = within(token);
    const isPart = SEEN_THROUGH.has(token.type) || token.type === 'escape' || (token.type === 'text' && !groups);
    if (!isPart) interrupt();
    if (groups) enter(token.raw, groups, depth + 1);
    else if (token.type === 'text') take(token, token.raw);
    else {
      if (token.type === 'escape') show((token as Tokens.Escape).text);
      next += indexesOf(token.raw).length;
    }
    if (!isPart) interrupt();
  };

  enter(content, [tokens], 0);
  return found;
};
