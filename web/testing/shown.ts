/** What a reader sees of a markup. */
import type { Html } from '../views/html.ts';

/** Its text, line by line. */
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
