/**
 * Which marks a message has: GFM as `marked`'s lexer knows it, changed where a chat isn't a document. What people paste stays as they
 * wrote it: a line of `---` makes no heading of the line above, one `~` strikes nothing out, HTML and reference definitions are text.
 * Chinese and Japanese punctuation ends an address.
 */
import { boundBlocks } from './blocks.ts';
import { type Budget, TOKEN_COST } from './budget.ts';
import { boundEmphasis, type Rules } from './emphasis.ts';

/** Longer links aren't looked for. In UTF-16 code units. */
const MAX_LINK = 4_000;
/** The longest address of a mailbox (RFC 5321, 4.5.3), with room for what surrounds it. */
const MAX_MAILBOX = 320;

/** Where an address ends that the rest of the sentence follows without a space. */
const AFTER_ADDRESS = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]/;
const ADDRESS = /^(https?:|ftp:|www\.)/i;

const never = () => undefined;

/** @param budget throws when it is spent */
export const changeRules = (rules: Rules, budget: Budget): void => {
  for (const name of ['lheading', 'html', 'tag', 'def', 'reflink'] as const) rules[name] = never;

  boundBlocks(rules, budget);
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

  const inlineText = rules.inlineText.bind(rules);
  rules.inlineText = (src) => {
    const found = inlineText(src);
    budget.spend(TOKEN_COST);
    return found;
  };
};
