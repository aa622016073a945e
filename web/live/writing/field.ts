/** The message field. Its text is kept as a draft. */
import { tidyText } from '@parley/chat/messages/content';
import { requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { createDrafts } from '../storage/drafts.ts';
import { ownStore, sharedStore } from '../storage/store.ts';

export interface MessageField {
  readonly element: HTMLTextAreaElement;
  /** Stores the text as the draft, and adjusts the height. */
  save(): void;
  clear(): void;
  /** Inserts text at the caret. */
  insert(text: string): void;
  /** Puts a text that could not be sent before the text of the field. */
  takeBack(text: string): void;
  focus(): void;
}

/** Adjusts the height to the text, in browsers without `field-sizing`. */
const fitHeight = (element: HTMLTextAreaElement): void => {
  if (CSS.supports('field-sizing', 'content')) return;
  element.style.height = 'auto';
  element.style.height = `${element.scrollHeight}px`;
};

export const createMessageField = ({ room, reader }: RoomContext): MessageField => {
  const element = requireElement('text') as HTMLTextAreaElement;
  const drafts = createDrafts(sharedStore, ownStore, reader.id);

  const save = (): void => {
    drafts.write(room, element.value);
    fitHeight(element);
  };
  const set = (text: string): void => {
    element.value = text;
    save();
  };

  if (element.value === '') element.value = drafts.read(room);
  fitHeight(element);
  return {
    element,
    save,
    clear: () => set(''),
    insert: (text) => {
      element.setRangeText(text, element.selectionStart, element.selectionEnd, 'end');
      save();
      element.focus();
    },
    takeBack: (text) => {
      set(tidyText(element.value) === '' ? text : `${text}\n${element.value}`);
      element.focus();
    },
    focus: () => element.focus({ preventScroll: true }),
  };
};
