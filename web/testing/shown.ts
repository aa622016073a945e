/** What a reader sees of a markup. */
import type { Html } from '../views/html.ts';

/** Its text, line by line. */
export const shownText = ({ text }: Html): string =>
  text
    .replaceAll('<br>', '\n')
    .replaceAll(/<\/(p|li|tr|div)>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .trimEnd();
