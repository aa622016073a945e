/** `@name` in a text: highlighted, and more so when it is the reader's own. */
import { type Content, type Html, html } from './html.ts';

const AT_WORD = /@[\p{L}\p{N}_.-]*[\p{L}\p{N}_]/u;

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Finds mentions as a reader of this name sees them: their own name may have spaces in it. */
const mentionsFor = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}_@])(?:(?<own>@${escapePattern(name)})(?![\\p{L}\\p{N}_])|${AT_WORD.source})`, 'giu');

/** A view of plain text for a reader of this name. */
export const mentionView = (name: string): ((text: string) => Html) => {
  const pattern = mentionsFor(name);
  return (text) => {
    if (!text.includes('@')) return html`${text}`;
    const parts: Content[] = [];
    let from = 0;
    for (const match of text.matchAll(pattern)) {
      const isOwn = match.groups?.own !== undefined;
      parts.push(text.slice(from, match.index), html`<bdi class="mention${isOwn && ' own'}">${match[0]}</bdi>`);
      from = match.index + match[0].length;
    }
    return html`${[...parts, text.slice(from)]}`;
  };
};
