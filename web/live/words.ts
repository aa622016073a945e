/** What the text before the caret asks for: a completion, an emoji. Pure. */

const WORD = /(?:^|[\s(])([@:])([\p{L}\p{N}_.+-]{0,30})$/u;
const TYPED = /(?:^|[\s(])(:([\w+-]{2,30}):)$/;

/** Whether what comes next stands in code: after a fence or backticks that nothing has closed yet. */
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

/** A key belongs to an input method, which finishes a word with it. Safari says so by the code alone (UI Events, 8.3). */
export const isComposing = (event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean =>
  event.isComposing || event.keyCode === 229;

/** What was typed as a shortcode up to the caret, with the name in it. */
export const typedShortcode = (before: string): { text: string; name: string } | undefined => {
  const [, text, name] = TYPED.exec(before) ?? [];
  return text && name && !isInCode(before) ? { text, name } : undefined;
};

/** What is being completed, from the text before the caret. */
export const completedWord = (before: string): { sign: '@' | ':'; word: string } | undefined => {
  const match = WORD.exec(before);
  const [, sign, word = ''] = match ?? [];
  if (sign === '@') return { sign, word };
  return sign === ':' && word.length >= 2 && !isInCode(before) ? { sign, word } : undefined;
};
