/** The editor of a message, shown instead of its text. Unsaved text is stored as a draft: it survives a reload. */

import { tidyText } from '@parley/chat/messages/content';
import { editMessage, getMessage } from '@parley/client/api/chat';
import { html } from '../../views/html.ts';
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
  /** The log. Its messages that have a draft are opened at once. */
  readonly log: HTMLElement;
  /** An empty text was saved. */
  onEmptied(article: HTMLElement): Promise<void>;
  onClose(): void;
  /** The edited message was deleted. @param typed the text in its editor */
  onOrphaned(id: string, typed: string): void;
}

export interface Editors {
  /** Opens the editor of a message, with its draft or else its text. */
  open(article: HTMLElement): Promise<void>;
  /** Removes the editor and the draft of a message that its author has deleted. */
  forget(article: HTMLElement): void;
}

export const idOf = (article: HTMLElement): string => article.id.replace(/^m-/, '');

/** The event that an editor receives when its message was deleted. */
const ORPHANED = 'orphaned';

const form = (content: string) =>
  elementOf(
    html`<form class="editor"><textarea aria-label="Edit your message" dir="auto" rows="1">${content}</textarea><p><span>Enter saves</span><button type="button" class="quiet">Cancel</button></p></form>`,
  );

/** Shows the editor instead of the text. */
const showEditor = (article: HTMLElement, editor: Element): void => {
  const body = article.querySelector<HTMLElement>('.body');
  if (!body) return;
  body.hidden = true;
  body.after(editor);
};

/** Moves an open editor to the element that replaces its message. If the message was deleted, the editor is closed instead. */
export const keepEditor = (old: HTMLElement, article: HTMLElement): void => {
  const editor = old.querySelector('.editor');
  if (!editor) return;
  if (article.classList.contains('gone')) editor.dispatchEvent(new Event(ORPHANED));
  else showEditor(article, editor);
};

export const createEditors = ({ context, log, onEmptied, onClose, onOrphaned }: EditorsDeps): Editors => {
  const { room, reader, signal } = context;
  const drafts = createDrafts(sharedStore, ownStore, reader.id);
  const draftOf = (article: HTMLElement): string => `edit:${idOf(article)}`;

  const show = (article: HTMLElement, text: string): HTMLTextAreaElement | undefined => {
    const draft = draftOf(article);
    const editor = form(text);
    const [field, hint] = [editor.querySelector('textarea'), editor.querySelector('span')];
    if (!field || !hint) return undefined;

    const close = (): void => {
      drafts.write(draft, '');
      const body = editor.closest('article')?.querySelector<HTMLElement>('.body');
      if (body) body.hidden = false;
      editor.remove();
      onClose();
    };
    const save = async (): Promise<void> => {
      const content = tidyText(field.value);
      if (content === '') return onEmptied(article);
      try {
        await call(editMessage, { room_id: room, message_id: idOf(article), user_id: reader.id, content });
        // The author may have typed on during the request: then the editor stays open.
        if (tidyText(field.value) === content) close();
      } catch (error) {
        hint.className = 'fault';
        hint.textContent = `Not saved: ${inWords(error)}`;
      }
    };
    field.addEventListener('input', () => drafts.write(draft, field.value));
    editor.querySelector('button')?.addEventListener('click', close);
    field.addEventListener('keydown', (event) => {
      if (event.defaultPrevented || isComposing(event)) return;
      if (event.key === 'Escape') close();
      else if (event.key === 'Enter' && !event.shiftKey) void save();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    editor.addEventListener(ORPHANED, () => {
      drafts.write(draft, '');
      onOrphaned(idOf(article), tidyText(field.value));
    });
    createCompletion(context, field);
    watchShortcodes(field, signal);
    showEditor(article, editor);
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
    forget: (article) => {
      drafts.write(draftOf(article), '');
      document.getElementById(article.id)?.querySelector('.editor')?.remove();
    },
  };
};
