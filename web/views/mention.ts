/** `@name` in a text: highlighted, and more so when it is the reader's own. What chat would tell the reader of is what is their own. */
import { mentionsIn, nameKey } from '@parley/chat/messages/mentions';
import { type Content, type Html, html } from './html.ts';

/** Somebody's name, as far as it can be told without knowing who is there: one word. */
const WORD = /^[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_]/u;

/** A view of plain text for a reader of this name, which may have spaces in it. */
export const mentionView = (name: string): ((text: string) => Html) => {
  const ownKey = nameKey(name);
  return (text) => {
    if (!text.includes('@')) return html`${text}`;
    const parts: Content[] = [];
    let from = 0;
    for (const { index, names } of mentionsIn(text)) {
      const own = names.find((one) => nameKey(one) === ownKey);
      const shown = own ?? (text[index - 1] === '@' ? undefined : WORD.exec(text.slice(index + 1))?.[0]);
      if (shown === undefined || index < from) continue;
      const end = index + 1 + shown.length;
      parts.push(
        text.slice(from, index),
        html`<bdi class="mention${own !== undefined && ' own'}">${text.slice(index, end)}</bdi>`,
      );
      from = end;
    }
    return html`${[...parts, text.slice(from)]}`;
  };
};
