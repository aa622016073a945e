/** The actions of a message: edit, delete, quote, copy its link. */
import { deleteMessage, getMessage } from '@parley/client/api/chat';
import type { Act } from '../../views/ids.ts';
import { messagePath } from '../../views/paths.ts';
import { toast } from '../page/announce.ts';
import { call, inWords } from '../page/api.ts';
import { confirm } from '../page/dialog.ts';
import { dataOf } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { createEditors, idOf } from './editor.ts';
import type { MessageField } from './field.ts';

export interface Editing {
  /** Opens the editor of the reader's last message. */
  editLast(): void;
  /** Runs an action of a message. */
  act(article: HTMLElement, action: Act): Promise<void>;
}

export interface EditingDeps {
  readonly context: RoomContext;
  readonly log: HTMLElement;
  readonly field: MessageField;
}

const quoted = (content: string): string => `${content.replace(/^/gm, '> ')}\n\n`;

const copyLink = async (link: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(link);
    toast('The link is copied');
  } catch {
    // Over plain HTTP there is no clipboard, and the browser may forbid it: then the reader copies the link by hand.
    prompt('Copy link', link);
  }
};

export const createEditing = ({ context, log, field }: EditingDeps): Editing => {
  const { room, reader, signal } = context;
  /** Messages that the reader is deleting: losing their editors needs no notice. */
  const deleting = new Set<string>();

  const remove = async (article: HTMLElement): Promise<void> => {
    const isSure = await confirm('Delete this message? Its text is gone for good.', 'Delete');
    if (!isSure) return;
    const id = idOf(article);
    deleting.add(id);
    try {
      await call(deleteMessage, { room_id: room, message_id: id, user_id: reader.id });
      editors.discard(article);
    } finally {
      deleting.delete(id);
    }
  };

  const onOrphaned = (id: string, typed: string): void => {
    if (deleting.has(id)) return;
    toast('The message that you were editing was deleted');
    if (typed !== '') field.takeBack(typed);
  };
  const editors = createEditors({
    context,
    log,
    onEmptied: (article) => act(article, 'delete'),
    onClose: field.focus,
    onOrphaned,
  });

  const actions: { readonly [Action in Act]?: (article: HTMLElement) => Promise<void> } = {
    edit: editors.open,
    delete: remove,
    quote: async (article) =>
      field.insert(quoted((await call(getMessage, { room_id: room, message_id: idOf(article) })).content)),
    copy: (article) =>
      copyLink(new URL(messagePath({ room_id: room, position: Number(dataOf(article).position) }), location.href).href),
  };

  const act = async (article: HTMLElement, action: Act): Promise<void> => {
    try {
      await actions[action]?.(article);
    } catch (error) {
      toast(inWords(error));
    }
  };

  const onClick = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const control = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]') : null;
    const article = control?.closest('article');
    if (!control || !article) return;
    event.preventDefault();
    void act(article, dataOf(control).act as Act);
  };
  log.addEventListener('click', onClick, { signal });

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
