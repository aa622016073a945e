/**
 * Which marks a message has: GFM as `marked`'s lexer knows it, changed where a chat isn't a document. What people paste stays as they
 * wrote it: a line of `---` makes no heading of the line above, one `~` strikes nothing out, HTML and reference definitions are text.
 * Chinese and Japanese punctuation ends an address.
 */
import type { Tokens } from 'marked';
import { type Budget, TOKEN_COST } from './budget.ts';
import { boundEmphasis, type Rules } from './emphasis.ts';

/** Tokens within more tokens than these are text. */
export const MAX_NESTING = 12;

/** Longer links aren't looked for. In UTF-16 code units. */
const MAX_LINK = 4_000;
/** The longest address of a mailbox (RFC 5321, 4.5.3), with room for what surrounds it. */
const MAX_MAILBOX = 320;
const MAX_TABLE_CELLS = 500;
/** What taking a cell out of its row costs. The tokens in it are paid for beside it. */
const CELL_COST = 16;

/** Where an address ends that the rest of the sentence follows without a space. */
const AFTER_ADDRESS = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]/;
const ADDRESS = /^(https?:|ftp:|www\.)/i;

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

/** @param budget throws when it is spent */
export const changeRules = (rules: Rules, budget: Budget): void => {
  const nesting = { depth: 0 };
  boundNesting(rules, 'list', nesting);
  boundNesting(rules, 'blockquote', nesting);
  for (const name of ['lheading', 'html', 'tag', 'def', 'reflink'] as const) rules[name] = never;

  boundEmphasis(rules, budget);

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
