/**
 * A message's text as tokens, the same for whoever reads it: chat, which finds mentions in them, and the page, on the server and in the
 * browser, which shows them. `marked`'s lexer, bounded where its time grows with the square of a text's length.
 */
import { Lexer, type Token } from 'marked';
import { MAX_NESTING } from './blocks.ts';
import { type Budget, createBudget } from './budget.ts';
import { asWritten } from './escapes.ts';
import { changeRules } from './marks.ts';
import { spoilers } from './spoilers.ts';

/** Of texts together. Tokens cost far more, so what they cost is counted beside the characters. */
const MAX_CACHED_CHARACTERS = 2_000_000;
/** What the tokens of even the shortest text cost, in characters. */
const CACHE_OVERHEAD = 500;

/** Marks that find their ends cost little; this is enough for a thousand of them in the longest message. */
const MAX_WORK = 100_000;
/** Each line is asked whether it begins a block. */
const MAX_LINES = 1_000;

const createLexer = (budget: Budget): Lexer => {
  const lexer = new Lexer({
    gfm: true,
    breaks: true,
    extensions: {
      renderers: {},
      childTokens: { spoiler: ['tokens'] },
      inline: [spoilers.tokenizer],
      startInline: [spoilers.start],
    },
  } as ConstructorParameters<typeof Lexer>[0]);
  const { tokenizer } = lexer.options;
  if (!tokenizer) throw new Error('The lexer has no rules');
  // Without a place for definitions no text is searched for what refers to them.
  Object.assign(lexer.tokens, { links: undefined });
  changeRules(tokenizer, budget);
  return lexer;
};

/**
 * Without one of these a text has no Markdown in it, which most messages don't. What follows a line break is looked for in its own line
 * only: across lines the search takes the square of the number of empty ones.
 */
const MAY_BE_MARKDOWN =
  /[*_`~[>#|\\<]|https?:|www\.|@[^\s@]+\.|^\s*([-+]|\d+[.)])\s|\n[^\S\n]*(-|\d)|^( {4}|\t)|\n( {4}|\t)/i;

/** Quote marks beyond the nesting that is shown are dropped: parsing time grows with the square of the depth. */
const shallow = (text: string): string => text.replace(/^((?:[ \t]*>){12})(?:[ \t]*>)+/gm, '$1');

/** A text as it was written: one paragraph of one text. */
export const asPlain = (text: string): readonly Token[] => [
  { type: 'paragraph', raw: text, text, tokens: [{ type: 'text', raw: text, text, escaped: false }] },
];

const hasManyLines = (text: string): boolean => text.split('\n', MAX_LINES + 1).length > MAX_LINES;

/** Nobody marks code by so many. A search for the end of such a run compares it anew at each place of another. */
const LONG_CODE_MARK = '`'.repeat(100);

interface Lexed {
  readonly tokens: readonly Token[];
  /** What they cost, of `MAX_WORK`. */
  readonly work: number;
}

const lex = (text: string): Lexed => {
  if (hasManyLines(text) || text.includes(LONG_CODE_MARK)) return { tokens: asPlain(text), work: 0 };
  const budget = createBudget(MAX_WORK);
  try {
    return { tokens: asWritten(createLexer(budget).lex(shallow(text))), work: budget.spent };
  } catch {
    // It has too many marks, or is one that the library can't take: still a text.
    return { tokens: asPlain(text), work: budget.spent };
  }
};

/** Tokens cost far more than markup, and a page shows the same messages to everyone. The oldest go when it is full. */
const cache = new Map<string, Lexed>();
let cachedCharacters = 0;

const remember = (text: string, lexed: Lexed): void => {
  cache.set(text, lexed);
  cachedCharacters += text.length + CACHE_OVERHEAD;
  for (const [oldest] of cache) {
    if (cachedCharacters <= MAX_CACHED_CHARACTERS) break;
    cache.delete(oldest);
    cachedCharacters -= oldest.length + CACHE_OVERHEAD;
  }
};

/** The tokens of a text; a text without Markdown is one paragraph of one text, line breaks and all. */
export const tokensOf = (text: string): readonly Token[] => {
  if (!MAY_BE_MARKDOWN.test(text)) return asPlain(text);
  const known = cache.get(text);
  if (known) return known.tokens;
  const lexed = lex(text);
  remember(text, lexed);
  return lexed.tokens;
};

/** What the tokens of a text cost that were asked for a moment ago, in the units of `Budget`; 0 for a text without Markdown. */
export const workOf = (text: string): number => cache.get(text)?.work ?? 0;

export { MAX_NESTING };
