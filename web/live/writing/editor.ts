/** Editors of messages: each replaces the text of its message. What is typed is kept as a draft until it is saved or cancelled. */
import { tidyText } from '@parley/chat/messages/content';
import { editMessage, getMessage } from '@parley/client/api/chat';
import { html } from '../../views/html.ts';
import { messageElementId } from '../../views/ids.ts';
import { call, inWords } from '../page/api.ts';
import { elementOf } from '../page/markup.ts';
import type { RoomContext } from '../page/room-context.ts';
import { createDrafts } from '../storage/drafts.ts';
import { ownStore, sharedStore } from '../storage/store.ts';
import { createCompletion } from './completion.ts';
import { watchShortcodes } from './shortcodes.ts';
import { isComposing } from './words.ts';

export interface EditorsDeps {
  readonly context: RoomContext;
  /** Messages with a draft are opened in their editors at once. */
  readonly log: HTMLElement;
  /** The reader has saved an empty text. */
  onEmptied(article: HTMLElement): Promise<void>;
  onClose(): void;
  /** The message of an open editor was deleted. @param typed the unsaved text */
  onOrphaned(messageId: string, typed: string): void;
}

export interface Editors {
  /** Opens the editor of a message with its draft, or without one with its text. */
  open(article: HTMLElement): Promise<void>;
  /** Closes the editor of a message that its author has deleted, and removes the draft. */
  discard(article: HTMLElement): void;
}

interface FormHandlers {
  onInput(text: string): void;
  onCancel(): void;
  onSave(text: string): void;
  /** The message was deleted. */
  onOrphaned(text: string): void;
}

interface EditorForm {
  readonly element: HTMLElement;
  readonly field: HTMLTextAreaElement;
  showFault(fault: string): void;
}

export const idOf = (article: HTMLElement): string => article.id.slice(messageElementId('').length);

/** Event of an editor whose message was deleted. */
const ORPHANED = 'orphaned';

const createForm = (text: string, handlers: FormHandlers): EditorForm | undefined => {
  const element = elementOf(
    html`<form class="editor"><textarea aria-label="Edit your message" dir="auto" rows="1">${text}</textarea><p><span>Enter saves</span><button type="button" class="quiet">Cancel</button></p></form>`,
  );
  const [field, hint] = [element.querySelector('textarea'), element.querySelector('span')];
  if (!field || !hint) return undefined;
  field.addEventListener('input', () => handlers.onInput(field.value));
  element.querySelector('button')?.addEventListener('click', handlers.onCancel);
  field.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || isComposing(event)) return;
    if (event.key === 'Escape') handlers.onCancel();
    else if (event.key === 'Enter' && !event.shiftKey) handlers.onSave(tidyText(field.value));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener(ORPHANED, () => handlers.onOrphaned(tidyText(field.value)));
  return {
    element,
    field,
    showFault: (fault) => {
      hint.className = 'fault';
      hint.textContent = fault;
    },
  };
};

const bodyOf = (article: Element | null): HTMLElement | null => article?.querySelector<HTMLElement>('.body') ?? null;

/** Shows an editor in place of the message's text. */
const mount = (article: HTMLElement, editor: Element): void => {
  const body = bodyOf(article);
  if (!body) return;
  body.hidden = true;
  body.after(editor);
};

/** Moves the open editor of a message to the element that replaces it. If the message was deleted, the editor is orphaned. */
export const moveEditor = (old: HTMLElement, article: HTMLElement): void => {
  const editor = old.querySelector('.editor');
  if (!editor) return;
  if (article.classList.contains('gone')) editor.dispatchEvent(new Event(ORPHANED));
  else mount(article, editor);
};

export const createEditors = ({ context, log, onEmptied, onClose, onOrphaned }: EditorsDeps): Editors => {
  const { room, reader, signal } = context;
  const drafts = createDrafts(sharedStore, ownStore, reader.id);
  const draftOf = (article: HTMLElement): string => `edit:${idOf(article)}`;

  const show = (article: HTMLElement, text: string): HTMLTextAreaElement | undefined => {
    const id = idOf(article);
    const draft = draftOf(article);

    const close = (): void => {
      drafts.write(draft, '');
      const body = bodyOf(form?.element.closest('article') ?? null);
      if (body) body.hidden = false;
      form?.element.remove();
      onClose();
    };
    const save = async (content: string): Promise<void> => {
      if (content === '') return onEmptied(article);
      try {
        await call(editMessage, { room_id: room, message_id: id, user_id: reader.id, content });
        // Stays open if the reader has typed on meanwhile.
        if (tidyText(form?.field.value ?? '') === content) close();
      } catch (error) {
        form?.showFault(`Not saved: ${inWords(error)}`);
      }
    };
    const form = createForm(text, {
      onInput: (typed) => drafts.write(draft, typed),
      onCancel: close,
      onSave: (content) => void save(content),
      onOrphaned: (typed) => {
        drafts.write(draft, '');
        onOrphaned(id, typed);
      },
    });
    if (!form) return undefined;
    const { element, field } = form;
    createCompletion({ context, field });
    watchShortcodes({ field, signal });
    mount(article, element);
    return field;
  };

  for (const article of log.querySelectorAll<HTMLElement>('article:not(.gone)')) {
    const typed = drafts.read(draftOf(article));
    if (typed !== '') show(article, typed);
  }

  return {
    open: async (article) => {
      const text =
        drafts.read(draftOf(article)) || (await call(getMessage, { room_id: room, message_id: idOf(article) })).content;
      if (!article.isConnected) return;
      const field = article.querySelector<HTMLTextAreaElement>('.editor textarea') ?? show(article, text);
      field?.focus();
      field?.form?.scrollIntoView({ block: 'nearest' });
      field?.setSelectionRange(field.value.length, field.value.length);
    },
    discard: (article) => {
      drafts.write(draftOf(article), '');
      document.getElementById(article.id)?.querySelector('.editor')?.remove();
    },
  };
};
