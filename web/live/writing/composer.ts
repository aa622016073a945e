/** The message field: Enter sends, Shift+Enter breaks the line, Up edits the last message. Unsent text is stored as a draft. */
import { tidyText } from '@parley/chat/messages/content';
import { requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { createDrafts } from '../storage/drafts.ts';
import { ownStore, sharedStore } from '../storage/store.ts';
import { isComposing } from './words.ts';

export interface ComposerHandlers {
  /** Returns false when the message can't be queued: its text stays in the field. */
  send(content: string): boolean;
  editLast(): void;
  onTyping(isTyping: boolean): void;
}

export interface Composer {
  readonly field: HTMLTextAreaElement;
  /** Sets the handlers. Before that, nothing can be sent. */
  listen(handlers: ComposerHandlers): void;
  /** Inserts a text at the caret. */
  insert(text: string): void;
  /** Puts a text that could not be sent back into the field, before what was typed since. */
  takeBack(text: string): void;
  focus(): void;
}

export const createComposer = ({ signal, room, reader }: RoomContext): Composer => {
  const form = requireElement('composer') as HTMLFormElement;
  const field = requireElement('text') as HTMLTextAreaElement;
  const drafts = createDrafts(sharedStore, ownStore, reader.id);
  let handlers: ComposerHandlers | undefined;

  /** For browsers without `field-sizing`. */
  const fit = (): void => {
    if (CSS.supports('field-sizing', 'content')) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  };

  const change = (text: string): void => {
    field.value = text;
    drafts.write(room, text);
    fit();
  };

  const submit = (): void => {
    const content = tidyText(field.value);
    if (content === '' || !handlers?.send(content)) return;
    change('');
    handlers?.onTyping(false);
  };

  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      submit();
    },
    { signal },
  );
  field.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || isComposing(event)) return;
      if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        submit();
      } else if (event.key === 'ArrowUp' && field.value === '') {
        event.preventDefault();
        handlers?.editLast();
      }
    },
    { signal },
  );
  field.addEventListener(
    'input',
    () => {
      drafts.write(room, field.value);
      fit();
      handlers?.onTyping(tidyText(field.value) !== '');
    },
    { signal },
  );
  field.addEventListener('blur', () => handlers?.onTyping(false), { signal });

  if (field.value === '') field.value = drafts.read(room);
  fit();
  return {
    field,
    listen: (next) => {
      handlers = next;
    },
    insert: (text) => {
      field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
      change(field.value);
      field.focus();
    },
    takeBack: (text) => {
      change(tidyText(field.value) === '' ? text : `${text}\n${field.value}`);
      field.focus();
    },
    focus: () => field.focus({ preventScroll: true }),
  };
};
