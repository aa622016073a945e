/**
 * A message's text as tokens, the same for whoever reads it: chat, which finds mentions in them, and the page, on the server and in the
 * browser, which shows them. `marked`'s lexer, bounded where its time grows with the square of a text's length.
 */
import { Lexer, type Token } from 'marked';

/** Tokens within more tokens than these are shown as they were written. */
export const MAX_NESTING = 12;
const MAX_CACHED_CHARACTERS = 400_000;
/** What the tokens of even the shortest text cost, in characters. */
const CACHE_OVERHEAD = 100;

/** Characters in which ends of emphasis are looked for: enough for five hundred emphasized words in the longest message. */
const MAX_EMPHASIS_SEARCH = 2_000_000;

/**
 * A lexer that no text holds up. In a list a line of `===` or `---` makes no heading of what stands before it, since each line looks for
 * one to the list's end. Each mark of emphasis looks for its end in all that follows: once that is too much, the marks that are left are
 * text.
 */
const createLexer = (): Lexer => {
  const lexer = new Lexer({ gfm: true, breaks: true });
  const { tokenizer } = lexer.options;
  if (!tokenizer) return lexer;
  const lheading = tokenizer.lheading.bind(tokenizer);
  tokenizer.lheading = (text) => (lexer.state.top ? lheading(text) : undefined);
  let left = MAX_EMPHASIS_SEARCH;
  const mayLook = (text: string): boolean => {
    if (!/^[*_~]/.test(text)) return false;
    left -= text.length;
    return left >= 0;
  };
  const emStrong = tokenizer.emStrong.bind(tokenizer);
  const del = tokenizer.del.bind(tokenizer);
  tokenizer.emStrong = (text, ...around) => (mayLook(text) ? emStrong(text, ...around) : undefined);
  tokenizer.del = (text, ...around) => (mayLook(text) ? del(text, ...around) : undefined);
  return lexer;
};

/** Without one of these a text has no Markdown in it, which most messages don't. */
const MAY_BE_MARKDOWN =
  /[*_`~[\]>#|\\<]|https?:|www\.|@\S+\.|^\s*([-+]|\d+[.)])\s|\n\s*(-|=|\d)|^( {4}|\t)|\n( {4}|\t)/i;

/** Quote marks beyond the nesting that is shown are dropped: parsing time grows with the square of the depth. */
const shallow = (text: string): string => text.replace(/^((?:[ \t]*>){12})(?:[ \t]*>)+/gm, '$1');

const asPlain = (text: string): readonly Token[] => [
  { type: 'paragraph', raw: text, text, tokens: [{ type: 'text', raw: text, text, escaped: false }] },
];

const lex = (text: string): readonly Token[] => {
  try {
    return createLexer().lex(shallow(text));
  } catch {
    // A text that the library can't take is still a text.
    return asPlain(text);
  }
};

/** Tokens cost far more than markup, and a page shows the same messages to everyone. The oldest go when it is full. */
const cache = new Map<string, readonly Token[]>();
let cachedCharacters = 0;

/** The tokens of a text; a text without Markdown is one paragraph of one text, line breaks and all. */
export const tokensOf = (text: string): readonly Token[] => {
  if (!MAY_BE_MARKDOWN.test(text)) return asPlain(text);
  const known = cache.get(text);
  if (known) return known;
  const tokens = lex(text);
  cache.set(text, tokens);
  cachedCharacters += text.length + CACHE_OVERHEAD;
  for (const [oldest] of cache) {
    if (cachedCharacters <= MAX_CACHED_CHARACTERS) break;
    cache.delete(oldest);
    cachedCharacters -= oldest.length + CACHE_OVERHEAD;
  }
  return tokens;
};
