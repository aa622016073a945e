/**
 * The tokens of a message's text. Chat finds mentions in them; the page renders them, on the server and in the browser; so all must get the
 * same. This is `marked`'s lexer, bounded where its time grows with the square of the text's length.
 */
import { Lexer, type Token } from 'marked';
import { MAX_NESTING } from './blocks.ts';
import { type Budget, createBudget } from './budget.ts';
import { asWritten } from './escapes.ts';
import { changeRules } from './marks.ts';
import { spoilers } from './spoilers.ts';

/** The bound of the cache: characters of texts, with `CACHE_OVERHEAD` for the tokens of each. */
const MAX_CACHED_CHARACTERS = 2_000_000;
/** The memory of the tokens of even the shortest text, in characters. */
const CACHE_OVERHEAD = 500;

/** In units of `Budget`. Enough for a thousand marks with an end, in the longest message; marks without an end cost more. */
const MAX_WORK = 100_000;
/** Every line is tested for the beginning of a block. */
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
  // Without a table of link definitions the lexer doesn't search texts for references.
  Object.assign(lexer.tokens, { links: undefined });
  changeRules(tokenizer, budget);
  return lexer;
};

/**
 * A text without a match has no Markdown, as most messages. After a line break only the same line is searched (`[^\S\n]`): a search across
 * lines takes time that grows with the square of the number of empty lines.
 */
const MAY_BE_MARKDOWN =
  /[*_`~[>#|\\<]|https?:|www\.|@[^\s@]+\.|^\s*([-+]|\d+[.)])\s|\n[^\S\n]*(-|\d)|^( {4}|\t)|\n( {4}|\t)/i;

/** Drops quote marks beyond `MAX_NESTING`, because parsing time grows with the square of the depth. */
const shallow = (text: string): string => text.replace(/^((?:[ \t]*>){12})(?:[ \t]*>)+/gm, '$1');

/** An unformatted text: one paragraph with one text token. */
export const asPlain = (text: string): readonly Token[] => [
  { type: 'paragraph', raw: text, text, tokens: [{ type: 'text', raw: text, text, escaped: false }] },
];

const hasManyLines = (text: string): boolean => text.split('\n', MAX_LINES + 1).length > MAX_LINES;

/** Nobody marks code by so many backticks. A text that has them is unformatted: a search for the end of such a run takes quadratic time. */
const LONG_CODE_MARK = '`'.repeat(100);

interface Lexed {
  readonly tokens: readonly Token[];
  /** The units of `Budget` that lexing took. */
  readonly work: number;
}

const lex = (text: string): Lexed => {
  if (hasManyLines(text) || text.includes(LONG_CODE_MARK)) return { tokens: asPlain(text), work: 0 };
  const budget = createBudget(MAX_WORK);
  try {
    return { tokens: asWritten(createLexer(budget).lex(shallow(text))), work: budget.spent };
  } catch {
    // The budget is exceeded, or the library failed on this text: show it unformatted.
    return { tokens: asPlain(text), work: budget.spent };
  }
};

/** Lexing costs far more than rendering, and pages show the same messages to everyone. When the cache is full, the oldest entries go. */
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

/** The tokens of a text. A text without Markdown is one paragraph with one text token, which has the line breaks. */
export const tokensOf = (text: string): readonly Token[] => {
  if (!MAY_BE_MARKDOWN.test(text)) return asPlain(text);
  const known = cache.get(text);
  if (known) return known.tokens;
  const lexed = lex(text);
  remember(text, lexed);
  return lexed.tokens;
};

/** The work of the latest `tokensOf` of this text, in units of `Budget`; 0 for a text without Markdown or one that left the cache. */
export const workOf = (text: string): number => cache.get(text)?.work ?? 0;

export { MAX_NESTING };
