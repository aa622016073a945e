/** The limits of a message's text, and its normal form. Browsers load this file, so it doesn't import the schema library. */
import { isBlank } from '@parley/kit/text/blank';

export const MAX_CONTENT_CHARACTERS = 8_000;

/** The reason why a text is too long. @param length its code points */
export const whyTooLong = (length: number): string =>
  `it has ${length} characters, at most ${MAX_CONTENT_CHARACTERS} fit a message; send it in parts or as a file`;

const LEADING_BLANK_LINES = /^(?:[^\S\n]*\n)+/;

/** The trimmed text; with several lines, the first keeps its indentation. '' for a text of invisible characters. */
export const tidyText = (text: string): string => {
  if (isBlank(text)) return '';
  const tidy = text.trimEnd().replace(LEADING_BLANK_LINES, '');
  return tidy.includes('\n') ? tidy : tidy.trimStart();
};
