/** Completes what is typed in a field: `@` offers names, `:` offers emoji. */
import { SIGN } from '@parley/chat/markup/signs';
import { nameKey } from '@parley/chat/people';
import type { RoomContext } from '../page/room-context.ts';
import { createChoiceList } from './choice-list.ts';
import { type Choice, findChoices } from './choices.ts';
import { type Completed, completedWord, isComposing } from './words.ts';

export interface CompletionDeps {
  readonly context: Pick<RoomContext, 'room' | 'signal'>;
  /** A field in a form, under which the choices are shown. */
  readonly field: HTMLTextAreaElement;
}

/** A pause in typing after which choices are requested. */
const REQUEST_AFTER_MS = 80;
/** A press on a choice takes the focus from the field before it is a click. */
const CLOSE_AFTER_MS = 150;

export const createCompletion = ({ context, field }: CompletionDeps): void => {
  const { room, signal } = context;
  const list = createChoiceList(field);
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The text up to the end of the last completed name. Words typed after it don't belong to the name. */
  let completed: string | undefined;
  /** A text before the caret for which there were no choices: there are none for a longer name either. */
  let fruitless: string | undefined;

  const beforeCaret = (): string => field.value.slice(0, field.selectionStart);

  const wordBefore = (): Completed | undefined => {
    const before = beforeCaret();
    const word = completedWord(before);
    const isDone = completed !== undefined && word?.sign === '@' && before.startsWith(completed);
    return isDone && !before.slice(completed?.length).match(SIGN) ? undefined : word;
  };

  const close = (): void => {
    clearTimeout(timer);
    list.close();
  };

  /** Removes choices that no longer match before new ones arrive: Enter must not take one of these. */
  const narrow = (): void => {
    const { choices } = list;
    const word = wordBefore();
    const fitting = word ? choices.filter(({ fits }) => fits(word.word)) : [];
    if (fitting.length < choices.length) list.show(fitting);
  };

  /** Whether ordinary words follow a name without choices: they need no request each. */
  const isFruitless = ({ word }: Completed, before: string): boolean =>
    fruitless !== undefined && /\s/.test(word) && before.startsWith(fruitless);

  const request = async (): Promise<void> => {
    const word = wordBefore();
    const before = beforeCaret();
    if (!word || isFruitless(word, before)) return close();
    const { value } = field;
    // Without an answer there are no choices.
    const found = await findChoices(room, word).catch(() => undefined);
    fruitless = found?.length === 0 ? before : undefined;
    if (found && field.value === value && !signal.aborted) list.show(found);
  };

  const take = (choice: Choice | undefined): void => {
    const word = wordBefore();
    close();
    if (!word || !choice) return;
    const caret = field.selectionStart;
    field.setRangeText(choice.text, caret - word.word.length - 1, caret, 'end');
    if (word.sign === '@') completed = beforeCaret();
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };
  const takeSelected = (): void => take(list.selected);

  /** Whether the selected name is typed in full. Then Enter sends the message and doesn't complete. */
  const isTyped = (): boolean => {
    const word = wordBefore();
    return nameKey(list.selected?.text ?? '') === nameKey(word ? `${word.sign}${word.word}` : '');
  };

  const keys: Record<string, () => void> = {
    ArrowDown: () => list.step(1),
    ArrowUp: () => list.step(-1),
    Enter: takeSelected,
    Tab: takeSelected,
    Escape: close,
  };

  const onKey = (event: KeyboardEvent): void => {
    const handle = list.selected && !isComposing(event) ? keys[event.key] : undefined;
    if (!handle) return;
    if (event.key === 'Enter' && isTyped()) return close();
    event.preventDefault();
    handle();
  };
  const onInput = (): void => {
    narrow();
    clearTimeout(timer);
    timer = setTimeout(() => void request(), REQUEST_AFTER_MS);
  };
  const onPress = (event: PointerEvent): void => {
    const choice = list.at(event.target);
    if (!choice) return;
    event.preventDefault();
    take(choice);
  };

  // Captured before the composer's own handler: while the list is open, Enter takes a choice.
  field.addEventListener('keydown', onKey, { signal, capture: true });
  field.addEventListener('input', onInput, { signal });
  field.addEventListener('blur', () => setTimeout(close, CLOSE_AFTER_MS), { signal });
  field.form?.addEventListener('pointerdown', onPress, { signal });
  signal.addEventListener('abort', close);
};
