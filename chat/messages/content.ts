/** What a message's text may be, and how it is kept. Also for browsers: without the library of the schemas. */
import { isBlank } from '@parley/kit/text/blank';

export const MAX_CONTENT_CHARACTERS = 8_000;

/** Why a text isn't taken. @param length its characters (code points) */
export const whyTooLong = (length: number): string =>
  `it has ${length} characters, at most ${MAX_CONTENT_CHARACTERS} fit a message; send it in parts or as a file`;

const LEADING_BLANK_LINES = /^(?:[^\S\n]*\n)+/;

/** A text without what surrounds it. Of several lines the first keeps its indentation. '' for a text that has nothing to see. */
export const tidyText = (text: string): string => {
  if (isBlank(text)) return '';
  const tidy = text.trimEnd().replace(LEADING_BLANK_LINES, '');
  return tidy.includes('\n') ? tidy : tidy.trimStart();
};
