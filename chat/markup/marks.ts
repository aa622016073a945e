/**
 * Which marks a message has: GFM as `marked`'s lexer knows it, changed where a chat isn't a document. What people paste stays as they
 * wrote it: a line of `---` makes no heading of the line above, one `~` strikes nothing out, HTML and reference definitions are text.
 */
import { boundBlocks } from './blocks.ts';
import { type Budget, TOKEN_COST } from './budget.ts';
import { boundEmphasis, type Rules } from './emphasis.ts';
import { boundLinks } from './links.ts';

const never = () => undefined;
const NOTHING = /(?!)/;

/** How rules tell that a line begins HTML, which ends a paragraph, a table and an item. */
const HTML = / \{0,3\}\(\?:<\\?\/\?\(\?:address.*?CDATA\\\[\)/g;

const withoutHtml = ({ source, flags }: RegExp): RegExp => new RegExp(source.replace(HTML, NOTHING.source), flags);

/** A tag is text, and so are the marks in it. Lines of signs below a text make no heading of it, in a list neither. */
const leaveOutHtml = ({ rules }: Rules): void => {
  const { inline, block, other } = rules;
  Object.assign(rules, {
    inline: { ...inline, tag: NOTHING },
    block: { ...block, lheading: NOTHING, paragraph: withoutHtml(block.paragraph), table: withoutHtml(block.table) },
    other: { ...other, htmlBeginRegex: () => NOTHING },
  });
};

/** @param budget throws when it is spent */
export const changeRules = (rules: Rules, budget: Budget): void => {
  for (const name of ['lheading', 'html', 'tag', 'def', 'reflink'] as const) rules[name] = never;

  boundBlocks(rules, budget);
  boundEmphasis(rules, budget);

  boundLinks(rules, budget);

  // A line that more follow goes on with its indentation.
  rules.br = (src) => {
    const [raw] = /^ *\n(?!\s*$)/.exec(src) ?? [];
    return raw === undefined ? undefined : { type: 'br', raw };
  };

  leaveOutHtml(rules);
  // A character's number is text, too: `&#42;`.
  const { text } = rules.rules.inline;
  rules.inlineText = (src) => {
    budget.spend(TOKEN_COST);
    const [raw] = text.exec(src) ?? [];
    return raw === undefined ? undefined : { type: 'text', raw, text: raw, escaped: false };
  };
};
