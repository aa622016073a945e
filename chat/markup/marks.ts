/**
 * Which marks a message has: GFM as `marked`'s lexer knows it, changed where a chat isn't a document. What people paste stays as they
 * wrote it: a line of `---` makes no heading of the line above, one `~` strikes nothing out, HTML and reference definitions are text.
 * Chinese and Japanese punctuation ends an address and may stand inside emphasis. `||spoilers||` are added.
 */
import type { Lexer, TokenizerExtension, Tokens } from 'marked';
import type { Budget } from './budget.ts';

/** Tokens within more tokens than these are text. */
export const MAX_NESTING = 12;

/** Longer emphasis and links aren't looked for. In UTF-16 code units. */
const MAX_EMPHASIS = 600;
const MAX_LINK = 4_000;
/** The longest address of a mailbox (RFC 5321, 4.5.3), with room for what surrounds it. */
const MAX_MAILBOX = 320;
const MAX_TABLE_CELLS = 500;
/** What a token costs beside its own search: each of a dozen rules looks at it. */
const TOKEN_COST = 64;
/** What taking a cell out of its row costs. The tokens in it are paid for beside it. */
const CELL_COST = 16;

/** Punctuation of Chinese, Japanese and Korean, full-width forms included. */
const WIDE_PUNCTUATION =
  /[\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/;
/** Where an address ends that the rest of the sentence follows without a space. */
const AFTER_ADDRESS = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]/;
const ADDRESS = /^(https?:|ftp:|www\.)/i;

/** For emphasis such punctuation counts as a letter: no space separates it from the words around. */
const asLetters = (masked: string): string =>
  masked.replace(
    /[\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]|[“”‘’…—](?=\*)/g,
    'a',
  );

type Rules = NonNullable<Lexer['options']['tokenizer']>;

/** `||text||`: hidden until the reader asks for it. */
export interface Spoiler extends Tokens.Generic {
  readonly type: 'spoiler';
  readonly raw: string;
}

export const spoilers: TokenizerExtension = {
  name: 'spoiler',
  level: 'inline',
  start: (src) => src.indexOf('||'),
  tokenizer(src) {
    if (!src.startsWith('||')) return undefined;
    const [raw, text = ''] =
      /^\|\|(?=[^\s|])((?:(?!\|\|)[^\n])*[^\s|])\|\|(?!\|)/.exec(src.slice(0, MAX_EMPHASIS)) ?? [];
    if (raw === undefined) return undefined;
    return { type: 'spoiler', raw, text, tokens: this.lexer.inlineTokens(text) };
  },
};

const never = () => undefined;

/** Blocks within blocks, up to the nesting that is shown. */
const boundNesting = (rules: Rules, name: 'list' | 'blockquote', nesting: { depth: number }): void => {
  const rule = rules[name].bind(rules) as (src: string) => Tokens.List & Tokens.Blockquote;
  rules[name] = (src: string) => {
    if (nesting.depth >= MAX_NESTING) return undefined;
    nesting.depth += 1;
    try {
      return rule(src);
    } finally {
      nesting.depth -= 1;
    }
  };
};

const WORD_CHARACTER = /[\p{L}\p{N}_]/u;
const DIGIT = /\p{Nd}/u;
/** Between digits an asterisk multiplies: `2*3*4`, `2**10`. */
const DIGIT_BEFORE_MARKS = /\p{Nd}[*_~]*$/u;
/** Marks of which many stand before one that looks for its own end: enough to tell what stands before them. */
const LOOK_BACK = 32;
/** A search that finds nothing compares each mark on its way with those around it. */
const VAIN_SEARCH_COST = 6;

/** Looks for emphasis no further than its longest, and pays for a search that finds nothing. */
const boundEmphasis = (rules: Rules, name: 'emStrong' | 'del', opens: RegExp, budget: Budget): void => {
  const rule = rules[name].bind(rules);
  let [lastMasked, lettered] = ['', ''];
  rules[name] = (src, masked, previous = '') => {
    const [marks, next = ''] = opens.exec(src) ?? [];
    if (marks === undefined || (src.startsWith('_') && WORD_CHARACTER.test(previous))) return undefined;
    if (masked !== lastMasked) [lastMasked, lettered] = [masked, asLetters(masked)];
    const start = masked.length - src.length;
    if (DIGIT.test(next) && DIGIT_BEFORE_MARKS.test(masked.slice(Math.max(0, start - LOOK_BACK), start)))
      return undefined;
    const window = src.slice(0, MAX_EMPHASIS);
    const around = lettered.slice(Math.max(0, start - LOOK_BACK), start + window.length);
    const found = rule(window, around, WIDE_PUNCTUATION.test(next) ? '' : previous) as Tokens.Em | undefined;
    // What is within was looked at once more.
    budget.spend(found ? TOKEN_COST + found.raw.length : VAIN_SEARCH_COST * window.length);
    return found as never;
  };
};

/** @param budget throws when it is spent */
export const changeRules = (rules: Rules, budget: Budget): void => {
  const nesting = { depth: 0 };
  boundNesting(rules, 'list', nesting);
  boundNesting(rules, 'blockquote', nesting);
  for (const name of ['lheading', 'html', 'tag', 'def', 'reflink'] as const) rules[name] = never;

  boundEmphasis(rules, 'emStrong', /^[*_]{1,32}([^\s*_])/, budget);
  boundEmphasis(rules, 'del', /^~~([^\s~])/, budget);

  const link = rules.link.bind(rules);
  rules.link = (src) => {
    if (!/^!?\[/.test(src)) return undefined;
    const window = src.slice(0, MAX_LINK);
    const found = link(window);
    budget.spend(found ? TOKEN_COST : Math.max(window.indexOf(']'), TOKEN_COST));
    return found;
  };

  // A line that more follow goes on with its indentation.
  rules.br = (src) => {
    const [raw] = /^ *\n(?!\s*$)/.exec(src) ?? [];
    return raw === undefined ? undefined : { type: 'br', raw };
  };

  const url = rules.url.bind(rules);
  rules.url = (src) => {
    const window = src.slice(0, ADDRESS.test(src) ? MAX_LINK : MAX_MAILBOX);
    const end = window.search(AFTER_ADDRESS);
    return url(end === -1 ? window : window.slice(0, end));
  };

  const table = rules.table.bind(rules);
  rules.table = (src) => {
    const found = table(src);
    const cells = found ? found.header.length * (found.rows.length + 1) : 0;
    // A table that is too large is found again at its next line that looks like a head.
    budget.spend(cells * CELL_COST);
    return cells <= MAX_TABLE_CELLS ? found : undefined;
  };

  const inlineText = rules.inlineText.bind(rules);
  rules.inlineText = (src) => {
    const found = inlineText(src);
    budget.spend(TOKEN_COST);
    return found;
  };
};
