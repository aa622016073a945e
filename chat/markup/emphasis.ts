/**
 * Emphasis by `*`, `_` and `~~`. As in CommonMark, with two changes: marks that belong to code, file names or arithmetic (`a*b*c`, `x**2`,
 * `__init__`, `src/*.ts`) stay text, and in scripts without spaces between words, punctuation beside a mark doesn't prevent emphasis. Pure.
 */
import type { Lexer, Tokens } from 'marked';
import { type Budget, TOKEN_COST } from './budget.ts';
import { firstCharacter, isSpacedWord, lastCharacter, SIGN, UNSPACED } from './signs.ts';

export type Rules = NonNullable<Lexer['options']['tokenizer']>;

/** The longest emphasis that is looked for, in UTF-16 code units. */
const MAX_EMPHASIS = 600;
/** How far to look back past a run of marks for the character before it, in UTF-16 code units. */
const LOOK_BACK = 32;
/** The cost per character of a search that finds nothing: it compares each mark on its way with the marks around it. */
const VAIN_SEARCH_COST = 6;

const WORD_CHARACTER = /[\p{L}\p{N}_]/u;
const DIGIT = /\p{Nd}/u;
export const PUNCTUATION = /[\p{P}\p{S}]/u;
const QUOTE = /["'`“‘«]/;
/** A letter, a digit or a pictograph: anything but a sign. */
const NO_SIGN = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
/** The end of an operand, or of a pattern that `*` repeats: `(a+b)*(c+d)*e`, `[a-z]*_[0-9]*`, `^*`. */
const ENDS_VALUE = /[)\]}^$]/;
/** ASCII signs behind which emphasis that begins with a sign doesn't begin, and before which emphasis that ends with a sign doesn't end. */
const [NEVER_BEFORE, NEVER_BEHIND] = [/[!#$%&)+,.;<=>?@\]^`}]/, /[#$%&(+<=>@[\\^`{]/];
const PAIRS: Readonly<Record<string, string>> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '<': '>',
  '“': '”',
  '‘': '’',
  '«': '»',
};
/** What stands between the underscores of names such as `__init__` and `__FILE__`, which are not emphasis. */
const RESERVED_NAME = /^(?:[a-z][A-Za-z\d_]*|[A-Z][A-Z\d_]*)$/;

/** Punctuation of Chinese, Japanese and Korean, full-width forms included. */
const WIDE_PUNCTUATION =
  /[\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/;
const WIDE_OR_QUOTE = new RegExp(`${WIDE_PUNCTUATION.source}|[“”‘’…—](?=\\*)`, 'g');
const [BEFORE_UNSPACED, BEHIND_UNSPACED] = [
  new RegExp(`(?![*_~])[\\p{P}\\p{S}](?=[*~]{1,3}${UNSPACED.source})`, 'gu'),
  new RegExp(`(${UNSPACED.source}[*~]{1,3})(?![*_~])([\\p{P}\\p{S}])`, 'gu'),
];

/**
 * The text with punctuation replaced by letters where it must not prevent emphasis: punctuation of scripts without spaces, and any
 * punctuation between marks and a word of such a script. This is the rule proposed for CommonMark (its issue 650;
 * tats-u/markdown-cjk-friendly, specification.md).
 */
const asLetters = (masked: string): string =>
  masked
    .replace(WIDE_OR_QUOTE, 'a')
    .replace(BEFORE_UNSPACED, ({ length }) => 'a'.repeat(length))
    .replace(BEHIND_UNSPACED, (_, before: string, { length }: string) => before + 'a'.repeat(length));

interface Found {
  /** The characters directly outside the marks; '' at an end of the text. */
  readonly before: string;
  readonly after: string;
  /** The character behind `after`. */
  readonly beyond: string;
  readonly text: string;
  readonly isStrong: boolean;
}

/** Marks within words are arithmetic. Two asterisks may begin or end within a word: `un**likely**`. */
const isWithinWords = ({ before, after, text, isStrong }: Found): boolean => {
  const [begins, ends] = [isSpacedWord(before), isSpacedWord(after)];
  if (!isStrong) return begins || ends;
  return (begins && ends) || (DIGIT.test(after) && isSpacedWord(lastCharacter(text)));
};

/** Marks in paths, file name patterns, comments and emoticons: `src/*.ts lib/*.ts`, `/*x*\/`, `¯_(ツ)_/¯`. */
const isOfPath = ({ before, after, beyond, text, isStrong }: Found): boolean => {
  const [first, last] = [firstCharacter(text), lastCharacter(text)];
  if (before === '/' && after === '/') return true;
  // The lexer masks an escaped backslash as `+`.
  if (/[/\\¯+]/.test(before) && PUNCTUATION.test(first) && !QUOTE.test(first)) return true;
  if (last === '/') return !isStrong || !WORD_CHARACTER.test(first);
  return PUNCTUATION.test(last) && after === '.' && WORD_CHARACTER.test(beyond);
};

/** True of a text of signs alone. Only two asterisks emphasize such a text: `**?!**`. */
export const showsOnlySigns = (text: string): boolean => !NO_SIGN.test(text);

/** True if the characters beside a mark put it in quotes or brackets (`"*"`, `<*>`), or make an emoticon of it (`-_-`). */
export const isQuoted = (before: string, after: string): boolean =>
  before !== '' && (PAIRS[before] ?? (PUNCTUATION.test(before) ? before : undefined)) === after;

/** Marks in regular expressions, queries, products and emoticons: `^.*foo.*$`, `select a.*, b.*`, `"*" or "*"`, `>_< and ^_^`. */
const isAmongSigns = ({ before, after, text, isStrong }: Found, mark: string): boolean => {
  const [first, last] = [firstCharacter(text), lastCharacter(text)];
  if (isQuoted(before, first) || isQuoted(last, after)) return true;
  if (isStrong && mark === '*') return false;
  if (showsOnlySigns(text)) return true;
  if (mark === '*' && ENDS_VALUE.test(before) && !UNSPACED.test(first)) return true;
  if (PUNCTUATION.test(last) && before === '.') return true;
  const [begins, ends] = [PUNCTUATION.test(first) && !QUOTE.test(first), PUNCTUATION.test(last)];
  return (begins && NEVER_BEFORE.test(before)) || (ends && NEVER_BEHIND.test(after));
};

const isCode = (mark: string, found: Found): boolean => {
  if (mark === '~') return false;
  if (mark === '_' && found.isStrong && RESERVED_NAME.test(found.text)) return true;
  return (mark === '*' && isWithinWords(found)) || isOfPath(found) || isAmongSigns(found, mark);
};

/** The characters before and behind the emphasis that was found, past further marks. */
const around = (masked: string, start: number, end: number): Pick<Found, 'before' | 'after' | 'beyond'> => {
  const [, before = ''] = /(.?)[*_~]*$/su.exec(masked.slice(Math.max(0, start - LOOK_BACK), start)) ?? [];
  const [, after = '', beyond = ''] = /^[*_~]*(.?)(.?)/su.exec(masked.slice(end, end + LOOK_BACK)) ?? [];
  return { before, after, beyond };
};

/** Bounds the search for emphasis to `MAX_EMPHASIS`, and charges the budget also for a search that finds nothing. */
const boundRule = (rules: Rules, name: 'emStrong' | 'del', opens: RegExp, budget: Budget): void => {
  const rule = rules[name].bind(rules);
  let [lastMasked, lettered] = ['', ''];
  rules[name] = (src, masked, previous = '') => {
    const [marks, next = ''] = opens.exec(src) ?? [];
    if (marks === undefined || (src.startsWith('_') && WORD_CHARACTER.test(previous))) return undefined;
    const start = masked.length - src.length;
    // A run of marks counts as one mark: if its first mark begins nothing, neither do the others.
    if (masked[start - 1] === src[0]) return undefined;
    if (masked !== lastMasked) [lastMasked, lettered] = [masked, asLetters(masked)];
    const { before } = around(masked, start, start);
    // Behind the sign of a mention the marks belong to the name: `@_ann_`, `@*star*`.
    if (before.search(SIGN) === 0) return undefined;
    // Between digits an asterisk multiplies, wherever emphasis could end.
    if (DIGIT.test(next) && DIGIT.test(before)) return undefined;
    const window = src.slice(0, MAX_EMPHASIS);
    const nearby = lettered.slice(Math.max(0, start - LOOK_BACK), start + window.length);
    const isApart = WIDE_PUNCTUATION.test(next) || (PUNCTUATION.test(next) && UNSPACED.test(previous));
    const found = rule(window, nearby, isApart ? '' : previous) as Tokens.Em | undefined;
    // The text inside emphasis is lexed once more.
    budget.spend(found ? TOKEN_COST + found.raw.length : VAIN_SEARCH_COST * window.length);
    if (!found) return undefined;
    const facts = { text: found.text, isStrong: (found.type as string) === 'strong' };
    const isText = isCode(src[0] ?? '', { ...facts, ...around(masked, start, start + found.raw.length) });
    return (isText ? undefined : found) as never;
  };
};

/** @param budget throws when it is exceeded */
export const boundEmphasis = (rules: Rules, budget: Budget): void => {
  boundRule(rules, 'emStrong', /^[*_]{1,32}([^\s*_])/u, budget);
  boundRule(rules, 'del', /^~~([^\s~])/u, budget);
};
