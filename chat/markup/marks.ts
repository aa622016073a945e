/**
 * Which marks a message has: GFM as `marked`'s lexer knows it, changed where a chat isn't a document. What people paste stays as they
 * wrote it: a line of `---` makes no heading of the line above, one `~` strikes nothing out, HTML and reference definitions are text.
 */
import { boundBlocks } from './blocks.ts';
import { type Budget, TOKEN_COST } from './budget.ts';
import { boundEmphasis, type Rules } from './emphasis.ts';
import { boundLinks } from './links.ts';

const never = () => undefined;

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

  const inlineText = rules.inlineText.bind(rules);
  rules.inlineText = (src) => {
    const found = inlineText(src);
    budget.spend(TOKEN_COST);
    return found;
  };
};
