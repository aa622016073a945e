/**
 * Blocks of a chat, where a line belongs to what it is marked as and to nothing else: a line without `>` ends a quote, and one that is
 * neither an item nor indented ends a list. A year is no number of a list (`1986. A great year`), and a table has no more cells in a row
 * than in its head. Pure.
 */
import type { Tokens } from 'marked';
import type { Budget } from './budget.ts';
import type { Rules } from './emphasis.ts';

/** Tokens within more tokens than these are text. */
export const MAX_NESTING = 12;

const MAX_TABLE_CELLS = 500;
/** What taking a cell out of its row costs. The tokens in it are paid for beside it. */
const CELL_COST = 16;

/** Faces begin none: `>_<`, `>:(`. */
const QUOTE = /^(?! {0,3}>(?:[._]+<|[:;]['-]?[()DPo/\\|])(?:\s|$))(?: {0,3}>[^\n]*(?:\n|$))+/;
/** A bullet, or a number up to 999. */
const ITEM = /^ {0,3}(?:([-+*])|\d{1,3}([.)]))(?=[ \t\n]|$)/;
/** A list to its end: its first line, and then items with the same mark, indented lines and empty ones. */
const listOf = (mark: string): RegExp =>
  new RegExp(`^[^\\n]*(?:\\n(?:${mark}(?:[ \\t][^\\n]*)?|[ \\t][^\\n]*)?(?=\\n|$))*`);
const LISTS: Readonly<Record<string, RegExp>> = {
  ...{ '-': listOf('-'), '+': listOf('\\+'), '*': listOf('\\*') },
  ...{ '.': listOf('\\d{1,9}\\.'), ')': listOf('\\d{1,9}\\)') },
};

const listLines = (src: string): string => {
  const [, bullet, delimiter] = ITEM.exec(src) ?? [];
  return LISTS[bullet ?? delimiter ?? '']?.exec(src)?.[0] ?? '';
};

/** Blocks within blocks, up to the nesting that is shown. */
const createNesting = () => {
  let depth = 0;
  return <Block>(block: () => Block): Block | undefined => {
    if (depth >= MAX_NESTING) return undefined;
    depth += 1;
    try {
      return block();
    } finally {
      depth -= 1;
    }
  };
};

type Nest = ReturnType<typeof createNesting>;

const boundLists = (rules: Rules, nest: Nest): void => {
  const list = rules.list.bind(rules);
  rules.list = (src) => {
    const lines = listLines(src);
    return lines === '' ? undefined : nest(() => list(lines));
  };
};

/** In the place of the library's quotes, which go on where a paragraph does. */
const boundQuotes = (rules: Rules, nest: Nest): void => {
  rules.blockquote = (src) => {
    const raw = QUOTE.exec(src)?.[0].replace(/\n$/, '');
    if (raw === undefined) return undefined;
    return nest(() => {
      const { lexer } = rules;
      const text = raw.replace(/^ {0,3}>[ \t]?/gm, '');
      const { top } = lexer.state;
      lexer.state.top = true;
      const tokens = lexer.blockTokens(text, []);
      lexer.state.top = top;
      return { type: 'blockquote', raw, text, tokens };
    });
  };
};

const cellsIn = (row: string): string[] => {
  const cells = row.replace(/\\./g, '--').split('|');
  return cells[0]?.trim() === '' ? cells.slice(1) : cells;
};

/** Whether a row has more in it than the head has cells for. */
const isTooWide = ({ raw, header }: Tokens.Table): boolean =>
  raw.split('\n').some((row) => cellsIn(row).some((cell, index) => index >= header.length && cell.trim() !== ''));

const boundTables = (rules: Rules, budget: Budget): void => {
  const table = rules.table.bind(rules);
  rules.table = (src) => {
    const { inlineQueue } = rules.lexer;
    const queued = inlineQueue.length;
    const found = table(src);
    if (!found) return undefined;
    const cells = found.header.length * (found.rows.length + 1);
    // A table that isn't taken is found again at its next line that looks like a head.
    budget.spend(cells * CELL_COST);
    if (cells <= MAX_TABLE_CELLS && !isTooWide(found)) return found;
    // Its cells wait for their tokens behind the paragraph that it goes on with now, which must be the last.
    inlineQueue.length = queued;
    return undefined;
  };
};

/** @param budget throws when it is spent */
export const boundBlocks = (rules: Rules, budget: Budget): void => {
  const nest = createNesting();
  boundLists(rules, nest);
  boundQuotes(rules, nest);
  boundTables(rules, budget);
};
