/** The field: Enter sends, Shift+Enter breaks the line, the draft is kept, Up edits the last message. */
import { tidyText } from '@parley/chat/messages/content';
import { type Place, part } from '../page/room-context.ts';
import { createDrafts } from '../storage/drafts.ts';
import { own, shared } from '../storage/store.ts';
import { isComposing } from './words.ts';

export interface ComposerHandlers {
  /** False when it can't be taken: the text stays in the field. */
  send(content: string): boolean;
  editLast(): void;
  onTyping(isTyping: boolean): void;
}

export interface Composer {
  readonly field: HTMLTextAreaElement;
  /** Puts text at the caret. */
  insert(text: string): void;
  /** Puts back what could not be sent, before what is typed. */
  takeBack(text: string): void;
  focus(): void;
}

export const createComposer = (place: Place, handlers: ComposerHandlers): Composer => {
  const { signal, room, reader } = place;
  const form = part('composer') as HTMLFormElement;
  const field = part('text') as HTMLTextAreaElement;
  const drafts = createDrafts(shared, own, reader.id);

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
    if (content === '' || !handlers.send(content)) return;
    change('');
    handlers.onTyping(false);
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
        handlers.editLast();
      }
    },
    { signal },
  );
  field.addEventListener(
    'input',
    () => {
      drafts.write(room, field.value);
      fit();
      handlers.onTyping(tidyText(field.value) !== '');
    },
    { signal },
  );
  field.addEventListener('blur', () => handlers.onTyping(false), { signal });

  if (field.value === '') field.value = drafts.read(room);
  fit();
  return {
    field,
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
