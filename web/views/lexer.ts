/** `marked`'s lexer, bounded where its time grows with the square of a text's length. */
import { Lexer } from 'marked';

/** Characters in which ends of emphasis are looked for: enough for five hundred emphasized words in the longest message. */
const MAX_EMPHASIS_SEARCH = 2_000_000;

/**
 * A lexer that no text holds up. In a list a line of `===` or `---` makes no heading of what stands before it, since each line looks for
 * one to the list's end. Each mark of emphasis looks for its end in all that follows: once that is too much, the marks that are left are
 * text.
 */
export const createLexer = (): Lexer => {
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
