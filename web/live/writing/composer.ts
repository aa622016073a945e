/** Sends the text of the field: Enter sends, Shift+Enter breaks the line, Arrow Up edits the last message. */
import { tidyText } from '@parley/chat/messages/content';
import { toast } from '../page/announce.ts';
import { requireElement } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import type { Editing } from './editing.ts';
import type { MessageField } from './field.ts';
import type { Typing } from './typing.ts';
import { isComposing } from './words.ts';

export interface ComposerDeps {
  readonly context: RoomContext;
  readonly field: MessageField;
  readonly editing: Pick<Editing, 'editLast'>;
  readonly typing: Pick<Typing, 'report'>;
  /** Returns false when too many messages wait to be sent: the text stays in the field. */
  send(text: string): boolean;
}

export const watchComposer = ({ context, field, editing, typing, send }: ComposerDeps): void => {
  const { signal } = context;
  const { element } = field;

  const submit = (): void => {
    const text = tidyText(element.value);
    if (text === '') return;
    if (!send(text)) return toast('Too many messages wait to be sent already');
    field.clear();
    typing.report(false);
  };

  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    submit();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isComposing(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && element.value === '') {
      event.preventDefault();
      editing.editLast();
    }
  };
  const onInput = (): void => {
    field.save();
    typing.report(tidyText(element.value) !== '');
  };

  requireElement('composer').addEventListener('submit', onSubmit, { signal });
  element.addEventListener('keydown', onKey, { signal });
  element.addEventListener('input', onInput, { signal });
  element.addEventListener('blur', () => typing.report(false), { signal });
};
