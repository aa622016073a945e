/** Actions on a message: edit and delete one's own, quote, copy its link. */
import { deleteMessage, getMessage } from '@parley/client/api/chat';
import { toast } from '../page/announce.ts';
import { call, inWords } from '../page/api.ts';
import { confirm } from '../page/dialog.ts';
import type { RoomContext } from '../page/room-context.ts';
import type { Composer } from './composer.ts';
import { createEditors, idOf } from './editor.ts';

export interface Editing {
  editLast(): void;
  /** Runs an action of a message. @param action the `data-act` of its button */
  act(article: HTMLElement, action: string): Promise<void>;
}

const quoted = (content: string): string => `${content.replace(/^/gm, '> ')}\n\n`;

export interface EditingDeps {
  readonly context: RoomContext;
  readonly log: HTMLElement;
  readonly composer: Pick<Composer, 'insert' | 'takeBack' | 'focus'>;
}

export const createEditing = ({ context, log, composer }: EditingDeps): Editing => {
  const { room, reader, signal } = context;
  /** Messages that the reader is deleting: their editors close without a word. */
  const deleting = new Set<string>();

  const remove = async (article: HTMLElement): Promise<void> => {
    const isSure = await confirm('Delete this message? Its text is gone for good.', 'Delete');
    if (!isSure) return;
    const id = idOf(article);
    deleting.add(id);
    try {
      await call(deleteMessage, { room_id: room, message_id: id, user_id: reader.id });
      editors.forget(article);
    } finally {
      deleting.delete(id);
    }
  };

  const onOrphaned = (id: string, typed: string): void => {
    if (deleting.has(id)) return;
    toast('The message that you were editing was deleted');
    if (typed !== '') composer.takeBack(typed);
  };
  const onEmptied = (article: HTMLElement) => act(article, 'delete');
  const editors = createEditors({ context, log, onEmptied, onClose: composer.focus, onOrphaned });

  const actions: Record<string, (article: HTMLElement) => Promise<void>> = {
    edit: editors.open,
    delete: remove,
    quote: async (article) =>
      composer.insert(quoted((await call(getMessage, { room_id: room, message_id: idOf(article) })).content)),
    copy: async (article) => {
      const link = new URL(`/rooms/${room}/${article.dataset.position}`, location.href).href;
      try {
        await navigator.clipboard.writeText(link);
        toast('The link is copied');
      } catch {
        // Without HTTPS there is no clipboard, and permission may be denied: show the link, to be copied by hand.
        prompt('Copy link', link);
      }
    },
  };

  const act = async (article: HTMLElement, action: string): Promise<void> => {
    try {
      await actions[action]?.(article);
    } catch (error) {
      toast(inWords(error));
    }
  };

  log.addEventListener(
    'click',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const control = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null;
      const article = control?.closest('article');
      if (!control || !article) return;
      event.preventDefault();
      void act(article, control.dataset.act ?? '');
    },
    { signal },
  );

  return {
    act,
    editLast: () => {
      const own = [...log.querySelectorAll<HTMLElement>('article:not(.gone)')].filter(
        ({ dataset }) => dataset.user === reader.id && dataset.type === 'text',
      );
      const last = own.at(-1);
      if (last) void act(last, 'edit');
    },
  };
};
