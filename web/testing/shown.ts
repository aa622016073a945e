/** Converts markup to the text that a reader sees. */
import type { Html } from '../views/html.ts';

/** The visible text; blocks and `<br>` end a line. */
export const shownText = ({ text }: Html): string =>
  text
    .replaceAll('<br>', '\n')
    .replaceAll(/(?<=[^>])(?=<[uo]l)/g, '\n')
    .replaceAll(/(<\/?(p|li|tr|div|ul|ol|blockquote)\b[^>]*>)*<\/(p|li|tr|div|ul|ol|blockquote)>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trimEnd();
