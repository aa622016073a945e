/** Spoilers, `||text||`: hidden until the reader presses them. */
import type { Token, TokenizerExtension } from 'marked';
import { firstCharacter, isSpacedWord, lastCharacter } from './signs.ts';

/** The longest spoiler that is looked for, in UTF-16 code units. */
const MAX_SPOILER = 600;
const SPOILER = /^\|\|(?=[^\s|])((?:(?!\|\|)[^\n])*[^\s|])\|\|(?!\|)/;
/** The end of an operand in code: `a()||b||c`, `"a"||"b"||c`. */
const ENDS_VALUE = /[)\]}]$|[\p{L}\p{N}]["'`]$/u;

/** Beside a word or an operand, `||` is an operator: *or* in programs, concatenation in SQL. */
const isBesideValue = (before: string, after: string): boolean =>
  isSpacedWord(lastCharacter(before)) || ENDS_VALUE.test(before) || isSpacedWord(after);

export const spoilers: TokenizerExtension = {
  name: 'spoiler',
  level: 'inline',
  start: (src) => src.indexOf('||'),
  tokenizer(src, tokens) {
    if (!src.startsWith('||')) return undefined;
    const [raw, text = ''] = SPOILER.exec(src.slice(0, MAX_SPOILER)) ?? [];
    if (raw === undefined) return undefined;
    const before = (tokens.at(-1) as Token | undefined)?.raw.slice(-3) ?? '';
    const after = firstCharacter(src.slice(raw.length, raw.length + 2));
    if (isBesideValue(before, after)) return undefined;
    return { type: 'spoiler', raw, text, tokens: this.lexer.inlineTokens(text) };
  },
};
