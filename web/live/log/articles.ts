/** Messages as elements of the log: adds, replaces and marks them as deleted. */
import type { Message } from '@parley/chat/messages/rules';
import { joinHtml } from '../../views/html.ts';
import { messageElementId } from '../../views/ids.ts';
import { message as messageView } from '../../views/message.ts';
import type { Clock } from '../../views/time.ts';
import { dataOf } from '../page/elements.ts';
import { elementOf, elementsOf } from '../page/markup.ts';
import type { RoomContext } from '../page/room-context.ts';
import { arrange, insert, nextArticle } from './arrange.ts';

/** A deletion, as the `message_deleted` frame reports it. */
export interface Deletion {
  readonly id: string;
  readonly seq: number;
  readonly deletedAt: string;
}

/** Moves an open editor from an element of a message to the element that replaces it. */
export type MoveEditor = (from: HTMLElement, to: HTMLElement) => void;

export interface Articles {
  /** Adds messages, or replaces those that are shown with an older `seq`. */
  put(messages: readonly Message[]): void;
  /** Returns false when the message isn't shown. */
  markDeleted(deletion: Deletion): boolean;
}

export interface ArticlesDeps {
  readonly context: Pick<RoomContext, 'room' | 'reader'>;
  readonly log: HTMLElement;
  readonly clock: Clock;
  readonly moveEditor: MoveEditor;
}

/** A deleted message has no content; the rest of it is read from its element. */
const deletedMessage = (article: HTMLElement, room: string, { id, seq, deletedAt }: Deletion): Message => ({
  id,
  seq,
  room_id: room,
  user_id: dataOf(article).user ?? '',
  username: article.querySelector('.author')?.textContent ?? '',
  content: '',
  message_type: 'text',
  file_url: null,
  mentions: [],
  created_at: new Date(Number(dataOf(article).at)).toISOString(),
  position: Number(dataOf(article).position),
  edited_at: null,
  deleted_at: deletedAt,
});

export const createArticles = ({ context, log, clock, moveEditor }: ArticlesDeps): Articles => {
  const { room, reader } = context;

  const find = (id: string): HTMLElement | undefined => {
    const found = document.getElementById(messageElementId(id));
    return found && log.contains(found) ? found : undefined;
  };

  const replace = (old: HTMLElement, article: HTMLElement): void => {
    if (Number(dataOf(old).seq) >= Number(dataOf(article).seq)) return;
    const focused = document.activeElement;
    const hadFocus = old.contains(focused);
    moveEditor(old, article);
    old.replaceWith(article);
    arrange(article, clock);
    if (!hadFocus) return;
    const focusable = focused instanceof HTMLElement && article.contains(focused) ? focused : article;
    focusable.focus({ preventScroll: true });
  };

  const add = (article: HTMLElement, position: number): void => {
    insert(log, article, position);
    const next = nextArticle(article, 'nextElementSibling');
    for (const changed of next ? [article, next] : [article]) arrange(changed, clock);
  };

  return {
    put: (messages) => {
      const made = elementsOf(joinHtml(messages.map((message) => messageView(message, reader))));
      for (const [index, { id, position }] of messages.entries()) {
        const [old, article] = [find(id), made[index]];
        if (!article) continue;
        if (old) replace(old, article);
        else add(article, position);
      }
    },
    markDeleted: (deletion) => {
      const old = find(deletion.id);
      if (old) replace(old, elementOf(messageView(deletedMessage(old, room, deletion), reader)));
      return old !== undefined;
    },
  };
};
