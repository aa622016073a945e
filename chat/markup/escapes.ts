/**
 * A backslash takes the meaning from the mark behind it. Where that has none (`C:\\_build`, `\\\\host`, `\\#` within a line) the backslash
 * is a part of what was written, and stays. Pure.
 */
import type { Token, Tokens } from 'marked';

/** What an underscore that opens emphasis may follow. */
const BEFORE_OPENING = /(^|[\s([{"'*~|])$/;
const WORD_START = /^[\p{L}\p{N}_]/u;
/** Marks wherever they stand. */
const ALWAYS = new Set(['*', '`', '~']);
/** Marks at the beginning of a line only. */
const AT_LINE_START = new Set(['#', '>', '-', '+']);

interface Around {
  /** What is shown before it in the block, to the line's beginning. */
  readonly line: string;
  /** The raw text behind it. */
  readonly rest: string;
}

const marksSomething = (character: string, { line, rest }: Around): boolean => {
  if (ALWAYS.has(character)) return true;
  if (AT_LINE_START.has(character)) return line.trim() === '';
  if (character === '_') return BEFORE_OPENING.test(line) || !WORD_START.test(rest);
  if (character === '.' || character === ')') return /^\s*\d{1,9}$/.test(line);
  if (character === '[') return /^[^\]\n]*\]\(/.test(rest);
  if (character === ']') return rest.startsWith('(');
  if (character === '!') return rest.startsWith('[');
  return character === '|' && rest.startsWith('|');
};

/** As much of a line as its end needs to be told by. */
const MAX_LINE = 32;

const endOfLine = (text: string): string => text.slice(text.lastIndexOf('\n') + 1).slice(-MAX_LINE);

const asText = ({ raw }: Token): Tokens.Text => ({ type: 'text', raw, text: raw, escaped: false });

/** The tokens within a token, in groups that are lines of their own. */
const groupsOf = (token: Token): Token[][] => {
  if (token.type === 'list') return (token as Tokens.List).items.map(({ tokens }) => tokens);
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table;
    return [header, ...rows].flat().map(({ tokens }) => tokens);
  }
  const { tokens } = token as Tokens.Generic;
  return tokens ? [tokens] : [];
};

const change = (tokens: Token[]): void => {
  let line = '';
  for (const [index, token] of tokens.entries()) {
    for (const group of groupsOf(token)) change(group);
    if (token.type === 'escape') {
      const rest = tokens[index + 1]?.raw ?? '';
      if (!marksSomething((token as Tokens.Escape).text, { line, rest })) tokens[index] = asText(token);
    }
    line = token.type === 'br' ? '' : endOfLine(line + token.raw);
  }
};

/** The same tokens, changed in place: escapes of what marks nothing are texts. */
export const asWritten = (tokens: Token[]): readonly Token[] => {
  change(tokens);
  return tokens;
};
