/**
 * Escapes. A backslash before a mark makes the mark text, and isn't shown. Before a character that would not be a mark anyway
 * (`C:\\*.txt`, `\\\\host`, `¯\\_(ツ)_/¯`, `\\#` within a line) the backslash belongs to the text, and is shown. Pure.
 */
import type { Token, Tokens } from 'marked';
import { isQuoted, PUNCTUATION, showsOnlySigns } from './emphasis.ts';
import { groupsOf } from './groups.ts';
import { firstCharacter, isSpacedWord, lastCharacter } from './signs.ts';

/** A run of marks that need a partner. */
const RUN = /\*+|_+|~+|`+/g;
/** A mark before punctuation can begin only behind one of the first; a mark behind punctuation can end only before one of the second. */
const BEFORE_OPENING = /^$|[\s([{"'“‘«*_~|]/u;
const BEHIND_CLOSING = /^$|[\s)\]}"'”’»,;:!?*_~|]/u;

interface Run {
  readonly marks: string;
  readonly start: number;
  readonly before: string;
  readonly after: string;
}

const runsIn = (text: string): Run[] =>
  Array.from(text.matchAll(RUN), ({ 0: marks, index: start }) => ({
    ...{ marks, start, before: lastCharacter(text.slice(Math.max(0, start - 2), start)) },
    after: firstCharacter(text.slice(start + marks.length, start + marks.length + 2)),
  }));

/**
 * Whether marks may begin or end emphasis or code. `inside` and `outside` are the characters on the two sides of the marks. If `inside`
 * is punctuation, `outside` must match `apart`.
 */
const mayBound = (marks: string, inside: string, outside: string, apart: RegExp): boolean => {
  if (marks.startsWith('`')) return true;
  if (inside.trim() === '' || marks === '~') return false;
  if (PUNCTUATION.test(inside)) return apart.test(outside);
  // Two asterisks or tildes may stand within a word.
  return !isSpacedWord(outside) || (marks.length > 1 && !marks.startsWith('_'));
};

const isOwnText = ({ marks, before, after }: Run): boolean => !marks.startsWith('`') && isQuoted(before, after);

const mayOpen = (run: Run): boolean => !isOwnText(run) && mayBound(run.marks, run.after, run.before, BEFORE_OPENING);
const mayClose = (run: Run): boolean => !isOwnText(run) && mayBound(run.marks, run.before, run.after, BEHIND_CLOSING);

/** The indexes of marks that would begin or end emphasis or code if they weren't escaped. */
const pairedIn = (text: string): ReadonlySet<number> => {
  const firstOpening = new Map<string, number>();
  const lastClosing = new Map<string, number>();
  const runs = runsIn(text);
  for (const run of runs) {
    const kind = run.marks.charAt(0);
    if (mayOpen(run) && !firstOpening.has(kind)) firstOpening.set(kind, run.start);
    if (mayClose(run)) lastClosing.set(kind, run.start);
  }
  const showsNothing = new Set(
    ['*', '_'].filter((kind) => showsOnlySigns(text.slice(firstOpening.get(kind), lastClosing.get(kind)))),
  );
  const paired = new Set<number>();
  for (const run of runs) {
    const kind = run.marks.charAt(0);
    if (!run.marks.startsWith('**') && showsNothing.has(kind)) continue;
    const isOpening = mayOpen(run) && run.start < (lastClosing.get(kind) ?? -1);
    const isClosing = mayClose(run) && run.start > (firstOpening.get(kind) ?? text.length);
    if (isOpening || isClosing) for (let at = 0; at < run.marks.length; at += 1) paired.add(run.start + at);
  }
  return paired;
};

/** How much of the line before a mark is looked at, in UTF-16 code units. */
const MAX_LINE = 32;

const EMPHASIS = new Set(['em', 'strong', 'del', 'codespan']);

/** True if an unescaped mark would join the marks of the emphasis beside it: `\\***bold**`. */
const isBesideEmphasis = (mark: string, before: Token | undefined, after: Token | undefined): boolean =>
  (after !== undefined && EMPHASIS.has(after.type) && after.raw.startsWith(mark)) ||
  (before !== undefined && EMPHASIS.has(before.type) && before.raw.endsWith(mark));

/** True if the character would be a mark without a partner here. @param line the text before it in its line @param rest the text behind it */
const marksSomething = (character: string, line: string, rest: string): boolean => {
  const isLineStart = line.trim() === '';
  if (character === '>') return isLineStart;
  if (character === '#') return isLineStart && /^#{0,5}[ \t]/.test(rest);
  if (character === '-' || character === '+' || character === '*') return isLineStart && /^[ \t]/.test(rest);
  if (character === '.' || character === ')') return /^\s*\d{1,3}$/.test(line) && /^[ \t]/.test(rest);
  if (character === '[') return /^[^\]\n]*\]\(/.test(rest);
  if (character === ']') return rest.startsWith('(');
  if (character === '!') return rest.startsWith('[');
  return character === '|' && rest.startsWith('|');
};

const asText = ({ raw }: Token): Tokens.Text => ({ type: 'text', raw, text: raw, escaped: false });

/** A token's text as far as marks matter: a token that isn't text counts as a letter. */
const shownOf = (token: Token): string => {
  if (token.type === 'br') return '\n';
  if (token.type === 'escape') return (token as Tokens.Escape).text;
  return token.type === 'text' ? token.raw : 'a';
};

const changeEscapes = (tokens: Token[]): void => {
  if (!tokens.some(({ type }) => type === 'escape')) return;
  const shown = tokens.map(shownOf);
  const text = shown.join('');
  const paired = pairedIn(text);
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    const mark = (token as Tokens.Escape).text;
    if (token.type === 'escape' && !paired.has(at) && !isBesideEmphasis(mark, tokens[index - 1], tokens[index + 1])) {
      const line = text.slice(Math.max(0, at - MAX_LINE), at).replace(/^.*\n/s, '');
      const rest = tokens[index + 1]?.raw ?? '';
      if (!marksSomething(mark, line, rest)) tokens[index] = asText(token);
    }
    at += shown[index]?.length ?? 0;
  }
};

const change = (tokens: Token[]): void => {
  for (const token of tokens) for (const group of groupsOf(token)) change(group);
  changeEscapes(tokens);
};

/** Changes the tokens in place, and returns them: an escape of a character that isn't a mark becomes text. */
export const asWritten = (tokens: Token[]): readonly Token[] => {
  change(tokens);
  return tokens;
};
