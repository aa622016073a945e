/** Finds in the text before the caret what can be completed: a name, an emoji. Pure. */
import { lastCharacter, mayBegin, SIGN } from '@parley/chat/markup/signs';

const EMOJI = /(?:^|[\s(]):([\p{L}\p{N}_.+-]{2,30})$/u;
const TYPED = /(?:^|[\s(])(:([\w+-]{2,30}):)$/;

/** Whether the caret is in code: after a fence or backticks that are still open. */
const isInCode = (before: string): boolean => {
  const blocks = before.split('```');
  if (blocks.length % 2 === 0) return true;
  const paragraph = blocks.at(-1)?.replace(/^.*\n\s*\n/s, '') ?? '';
  let open = '';
  for (const [ticks] of paragraph.matchAll(/`+/g)) {
    if (open === '') open = ticks;
    else if (open === ticks) open = '';
  }
  return open !== '';
};

/** Whether an input method handles the key, to finish a word. Safari reports it only by the key code (UI Events, 8.3). */
export const isComposing = (event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean =>
  event.isComposing || event.keyCode === 229;

/** The shortcode before the caret, and the name in it. */
export const typedShortcode = (before: string): { text: string; name: string } | undefined => {
  const [, text, name] = TYPED.exec(before) ?? [];
  return text && name && !isInCode(before) ? { text, name } : undefined;
};

const MAX_NAME_LENGTH = 50;
const MAX_NAME_WORDS = 4;

/** The typed part of a name after a sign that may begin a mention. It may contain spaces, but not end with one. */
const typedName = (before: string): string | undefined => {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const sign = [...line.matchAll(SIGN)].at(-1)?.index;
  // Emphasis marks before the sign are skipped, as the lexer does.
  if (sign === undefined || !mayBegin(lastCharacter(line.slice(0, sign).replace(/[*_~]+$/, '')))) return undefined;
  const name = line.slice(sign + 1);
  const words = name.split(/\s+/);
  if (name.length > MAX_NAME_LENGTH || words.length > MAX_NAME_WORDS) return undefined;
  return name === '' || !(words.at(0) === '' || words.at(-1) === '') ? name : undefined;
};

/** In a quote nobody is mentioned. */
const QUOTE = /(?:^|\n) {0,3}>[^\n]*$/;

export interface Completed {
  readonly sign: '@' | ':';
  /** The text after the sign. */
  readonly word: string;
}

/** The word before the caret that can be completed. */
export const completedWord = (before: string): Completed | undefined => {
  const emoji = EMOJI.exec(before)?.[1];
  const name = typedName(before);
  if ((emoji === undefined && name === undefined) || isInCode(before)) return undefined;
  if (emoji !== undefined) return { sign: ':', word: emoji };
  return name !== undefined && !QUOTE.test(before) ? { sign: '@', word: name } : undefined;
};
