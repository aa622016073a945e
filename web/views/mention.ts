/** Highlights `@name` in a message's text where chat stored a mention, and more strongly a mention of the reader by someone else. */
import { plainTextsOf } from '@parley/chat/markup/plain';
import type { Message } from '@parley/chat/messages/rules';
import { type Content, type Html, html } from './html.ts';
import { type TextsView, textView } from './markdown.ts';

interface Mark {
  readonly length: number;
  isOwn: boolean;
}

/**
 * The mentions in a message by their start in the text. People with the same name share a mention. The field may be missing in an event of
 * an older chat replica during a rollout.
 */
const marksOf = ({ mentions, user_id: author }: Message, readerId: string): Map<number, Mark> => {
  const marks = new Map<number, Mark>();
  for (const { user_id, at, length } of mentions ?? []) {
    const mark = marks.get(at) ?? { length, isOwn: false };
    mark.isOwn ||= user_id === readerId && author !== readerId;
    marks.set(at, mark);
  }
  return marks;
};

const chip = (text: string, { isOwn }: Mark): Html => html`<bdi class="mention${isOwn && ' own'}">${text}</bdi>`;

/** Creates the text view that highlights a message's mentions for a reader. */
export const mentionView = (message: Message, readerId: string): TextsView => {
  const marks = marksOf(message, readerId);
  return (tokens) => {
    if (marks.size === 0) return textView;
    const plain = new Map(plainTextsOf(message.content, tokens).map(({ token, signs }) => [token, signs]));
    return (text, token) => {
      const parts: Content[] = [];
      let from = 0;
      for (const { index, at } of plain.get(token) ?? []) {
        const mark = marks.get(at);
        if (!mark) continue;
        const end = index + mark.length;
        parts.push(textView(text.slice(from, index)), chip(text.slice(index, end), mark));
        from = end;
      }
      return html`${[...parts, textView(text.slice(from))]}`;
    };
  };
};
