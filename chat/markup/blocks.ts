/**
 * Changes to the library's rules for blocks. In a chat only the mark at a line's own beginning counts: a line without `>` ends a quote, a
 * line that is neither an item nor indented ends a list. A year doesn't begin a list (`1986. A great year`), and a table whose row has
 * more cells than its head is text. Pure.
 */
import type { Tokens } from 'marked';
import type { Budget } from './budget.ts';
import type { Rules } from './emphasis.ts';

/** Tokens that are nested deeper than this are shown as text. */
export const MAX_NESTING = 12;

const MAX_TABLE_CELLS = 500;
/** The cost of splitting a cell from its row. The tokens in the cell cost extra. */
const CELL_COST = 16;

/** A quote. Emoticons such as `>_<` and `>:(` don't begin one. */
const QUOTE = /^(?! {0,3}>(?:[._]+<|[:;]['-]?[()DPo/\\|])(?:\s|$))(?: {0,3}>[^\n]*(?:\n|$))+/;
/** The beginning of a list: a bullet, or a number up to 999. */
const ITEM = /^ {0,3}(?:([-+*])|\d{1,3}([.)]))(?=[ \t\n]|$)/;
/** A whole list: its first line, then items with the same mark, indented lines and empty lines. */
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

/** Runs a rule for a block inside the blocks around it; undefined beyond `MAX_NESTING`. */
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

/** Replaces the library's rule, by which a quote continues in lines without `>` (lazy continuation). */
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

/** True if a row has text in more cells than the head has. */
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
    // Also for a table that is rejected below: the lexer searches again at its next line that looks like a head.
    budget.spend(cells * CELL_COST);
    if (cells <= MAX_TABLE_CELLS && !isTooWide(found)) return found;
    // Drop the rejected table's cells from the queue of inline texts: the paragraph that replaces it must be the last there.
    inlineQueue.length = queued;
    return undefined;
  };
};

/** @param budget throws when it is exceeded */
export const boundBlocks = (rules: Rules, budget: Budget): void => {
  const nest = createNesting();
  boundLists(rules, nest);
  boundQuotes(rules, nest);
  boundTables(rules, budget);
};
