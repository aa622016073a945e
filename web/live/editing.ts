/** What one does to a message: edit and delete one's own, quote, copy its link. */
import { html } from '../views/html.ts';
import { MAX_CONTENT } from '../views/room.ts';
import { toast } from './announce.ts';
import { deleteMessage, editMessage, readMessage } from './api.ts';
import { confirm } from './dialog.ts';
import { createDrafts } from './drafts.ts';
import type { Place } from './place.ts';
import { elementOf } from './trust.ts';

export interface Editing {
  editLast(): void;
  /** Does what a message's button does. */
  act(article: HTMLElement, action: string): Promise<void>;
}

const idOf = (article: HTMLElement): string => article.id.replace(/^m-/, '');

const editor = (content: string) =>
  elementOf(
    html`<form class="editor"><textarea aria-label="Edit your message" maxlength="${MAX_CONTENT}" dir="auto" rows="1">${content}</textarea><p class="hint">Enter saves, Escape leaves it as it was</p></form>`,
  );

/** A message that changed while it is edited: what is typed moves into what replaces it. */
export const keepEditor = (old: HTMLElement, article: HTMLElement): void => {
  const form = old.querySelector('.editor');
  const body = article.querySelector<HTMLElement>('.body');
  if (!form || !body || article.classList.contains('gone')) return;
  body.hidden = true;
  body.after(form);
};

const quoted = (content: string): string => `${content.replace(/^/gm, '> ')}\n\n`;

const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const createEditing = (
  { room, reader, signal }: Place,
  log: HTMLElement,
  write: { insert(text: string): void; focus(): void },
): Editing => {
  const drafts = createDrafts(localStorage, reader.id);

  const edit = async (article: HTMLElement): Promise<void> => {
    const id = idOf(article);
    const { content } = await readMessage(room, id);
    if (!article.isConnected || article.querySelector('.editor')) return;
    const draft = `edit:${id}`;
    const form = editor(drafts.read(draft) || content);
    const [field, hint] = [form.querySelector('textarea'), form.querySelector('.hint')];
    if (!field || !hint) return;

    const close = (): void => {
      drafts.write(draft, '');
      const body = form.closest('article')?.querySelector<HTMLElement>('.body');
      if (body) body.hidden = false;
      form.remove();
      write.focus();
    };
    const save = async (): Promise<void> => {
      const text = field.value.trim();
      if (text === '') return remove(article);
      try {
        if (text !== content) await editMessage(room, id, reader.id, text);
        close();
      } catch (error) {
        hint.className = 'fault';
        hint.textContent = `Not saved: ${inWords(error)}`;
      }
    };
    field.addEventListener('input', () => drafts.write(draft, field.value));
    form.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      if (event.key === 'Escape') close();
      else if (event.key === 'Enter' && !event.shiftKey) void save();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    const body = article.querySelector<HTMLElement>('.body');
    if (!body) return;
    body.hidden = true;
    body.after(form);
    field.focus();
    form.scrollIntoView({ block: 'nearest' });
    field.setSelectionRange(field.value.length, field.value.length);
  };

  const remove = async (article: HTMLElement): Promise<void> => {
    const isSure = await confirm('Delete this message? Its text is gone for good.', 'Delete');
    if (isSure) await deleteMessage(room, idOf(article), reader.id);
  };

  const actions: Record<string, (article: HTMLElement) => Promise<void>> = {
    edit,
    delete: remove,
    quote: async (article) => write.insert(quoted((await readMessage(room, idOf(article))).content)),
    copy: async (article) => {
      await navigator.clipboard.writeText(new URL(`/rooms/${room}/${article.dataset.position}`, location.href).href);
      toast('The link is copied');
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
