/**
 * The Markdown of messages: GFM as in `marked`, changed so that pasted text stays as it is: a line of `---` doesn't make a heading of the
 * line above, a single `~` doesn't strike out, HTML and reference definitions are text.
 */
import { boundBlocks } from './blocks.ts';
import { type Budget, TOKEN_COST } from './budget.ts';
import { boundEmphasis, type Rules } from './emphasis.ts';
import { boundLinks } from './links.ts';

const never = () => undefined;
const NOTHING = /(?!)/;

/** The part of `marked`'s regular expressions that matches the start of HTML. With it, an HTML tag would end a paragraph or a table. */
const HTML = / \{0,3\}\(\?:<\\?\/\?\(\?:address.*?CDATA\\\[\)/g;

const withoutHtml = ({ source, flags }: RegExp): RegExp => new RegExp(source.replace(HTML, NOTHING.source), flags);

/** Makes tags text, with the marks in them, and turns off headings by a line of `---` or `===`, also in lists. */
const leaveOutHtml = ({ rules }: Rules): void => {
  const { inline, block, other } = rules;
  Object.assign(rules, {
    inline: { ...inline, tag: NOTHING },
    block: { ...block, lheading: NOTHING, paragraph: withoutHtml(block.paragraph), table: withoutHtml(block.table) },
    other: { ...other, htmlBeginRegex: () => NOTHING },
  });
};

/** @param budget throws when it is exceeded */
export const changeRules = (rules: Rules, budget: Budget): void => {
  for (const name of ['lheading', 'html', 'tag', 'def', 'reflink'] as const) rules[name] = never;

  boundBlocks(rules, budget);
  boundEmphasis(rules, budget);

  boundLinks(rules, budget);

  // A line break token is the break alone, so that the next line keeps its indentation.
  rules.br = (src) => {
    const [raw] = /^ *\n(?!\s*$)/.exec(src) ?? [];
    return raw === undefined ? undefined : { type: 'br', raw };
  };

  leaveOutHtml(rules);
  // Character references such as `&#42;` stay text as they were typed; they are not decoded.
  const { text } = rules.rules.inline;
  rules.inlineText = (src) => {
    budget.spend(TOKEN_COST);
    const [raw] = text.exec(src) ?? [];
    return raw === undefined ? undefined : { type: 'text', raw, text: raw, escaped: false };
  };
};
