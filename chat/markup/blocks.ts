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

const QUOTE = /^(?: {0,3}>[^\n]*(?:\n|$))+/;
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

const quoteLines = (src: string): string => QUOTE.exec(src)?.[0] ?? '';

interface Nesting {
  depth: number;
}

/** Blocks within blocks, up to the nesting that is shown, of the lines that are theirs. */
const boundBlock = (
  rules: Rules,
  name: 'list' | 'blockquote',
  linesOf: (src: string) => string,
  nesting: Nesting,
): void => {
  const rule = rules[name].bind(rules) as (src: string) => Tokens.List & Tokens.Blockquote;
  rules[name] = (src: string) => {
    const lines = nesting.depth < MAX_NESTING ? linesOf(src) : '';
    if (lines === '') return undefined;
    nesting.depth += 1;
    try {
      return rule(lines);
    } finally {
      nesting.depth -= 1;
    }
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
    const found = table(src);
    if (!found) return undefined;
    const cells = found.header.length * (found.rows.length + 1);
    // A table that isn't taken is found again at its next line that looks like a head.
    budget.spend(cells * CELL_COST);
    return cells > MAX_TABLE_CELLS || isTooWide(found) ? undefined : found;
  };
};

/** @param budget throws when it is spent */
export const boundBlocks = (rules: Rules, budget: Budget): void => {
  const nesting = { depth: 0 };
  boundBlock(rules, 'list', listLines, nesting);
  boundBlock(rules, 'blockquote', quoteLines, nesting);
  boundTables(rules, budget);
};
