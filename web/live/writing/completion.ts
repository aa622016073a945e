/** `@` completes the names of people, those of the room first, `:` completes emoji. */

import { SIGN } from '@parley/chat/markup/signs';
import { looseKey, nameKey } from '@parley/chat/people';
import { listMentionable } from '@parley/client/api/chat';
import { avatar } from '../../views/avatar.ts';
import { type Html, html } from '../../views/html.ts';
import { call } from '../page/api.ts';
import { elementOf, elementsOf } from '../page/markup.ts';
import type { RoomContext } from '../page/room-context.ts';
import { completedWord, isComposing } from './words.ts';

interface Choice {
  /** What takes the place of what was typed. */
  readonly text: string;
  readonly view: Html;
  /** Whether it is still one of the answers when this has been typed. */
  fits(word: string): boolean;
}

const MOST = 8;
const ASK_AFTER_MS = 80;

const people = async (room: string, word: string): Promise<Choice[]> =>
  (await call(listMentionable, { room_id: room, q: word, limit: MOST })).map(({ user_id, username, mention }) => ({
    text: `@${mention} `,
    view: html`${avatar(user_id, username)}<bdi>${username}</bdi>${mention !== username && html` <small>@${mention}</small>`}`,
    fits: (typed) => [username, user_id].some((name) => looseKey(name).startsWith(looseKey(typed))),
  }));

const emoji = async (word: string): Promise<Choice[]> => {
  const { findEmoji } = await import('./emoji.ts');
  return findEmoji(word, MOST).map(({ name, character }) => ({
    text: `${character} `,
    view: html`<span aria-hidden="true">${character}</span>${name}`,
    fits: (typed) => name.includes(typed.toLowerCase()),
  }));
};

/** @param field in a form of its own, which the list is shown in */
export const createCompletion = ({ room, signal }: RoomContext, field: HTMLTextAreaElement): void => {
  let choices: readonly Choice[] = [];
  let chosen = 0;
  let list: HTMLElement | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** The text up to the end of the last name that was taken: what is typed behind it doesn't belong to the name. */
  let taken: string | undefined;
  /** A text up to the caret that completes to nothing, nor does more of it. */
  let fruitless: string | undefined;

  const wordBefore = () => {
    const before = field.value.slice(0, field.selectionStart);
    const word = completedWord(before);
    const isDone = taken !== undefined && word?.sign === '@' && before.startsWith(taken);
    return isDone && !before.slice(taken?.length).match(SIGN) ? undefined : word;
  };

  const close = (): void => {
    clearTimeout(timer);
    list?.remove();
    list = undefined;
    choices = [];
    field.removeAttribute('aria-activedescendant');
    field.removeAttribute('aria-controls');
  };

  const mark = (): void => {
    for (const [index, item] of [...(list?.children ?? [])].entries()) {
      item.setAttribute('aria-selected', String(index === chosen));
      if (index === chosen) item.scrollIntoView({ block: 'nearest' });
    }
    field.setAttribute('aria-activedescendant', `choice-${chosen}`);
  };

  const show = (found: readonly Choice[]): void => {
    close();
    if (found.length === 0 || document.activeElement !== field) return;
    choices = found;
    chosen = 0;
    list = elementOf(html`<ul class="choices" id="choices" role="listbox" aria-label="Completions"></ul>`);
    list.append(
      ...elementsOf(html`${found.map(({ view }, index) => html`<li role="option" id="choice-${index}">${view}</li>`)}`),
    );
    field.form?.append(list);
    list.scrollIntoView({ block: 'nearest' });
    field.setAttribute('aria-controls', 'choices');
    mark();
  };

  /** Drops what no longer fits at once: whoever types on and takes the first means one that does. */
  const narrow = (): void => {
    if (!list) return;
    const word = wordBefore();
    const fitting = word ? choices.filter(({ fits }) => fits(word.word)) : [];
    if (fitting.length < choices.length) show(fitting);
  };

  const look = async (): Promise<void> => {
    const word = wordBefore();
    if (!word) return close();
    const asked = field.value;
    const before = asked.slice(0, field.selectionStart);
    // Who writes on behind a name in words of their own asks for no more.
    if (fruitless !== undefined && /\s/.test(word.word) && before.startsWith(fruitless)) return close();
    // Without an answer nothing is offered, and what is typed stays.
    const found = await (word.sign === '@' ? people(room, word.word) : emoji(word.word)).catch(() => undefined);
    fruitless = found?.length === 0 ? before : undefined;
    if (found && field.value === asked && !signal.aborted) show(found.slice(0, MOST));
  };

  const take = (index: number): void => {
    const caret = field.selectionStart;
    const word = wordBefore();
    const choice = choices[index];
    close();
    if (!word || !choice) return;
    field.setRangeText(choice.text, caret - word.word.length - 1, caret, 'end');
    if (word.sign === '@') taken = field.value.slice(0, field.selectionStart);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };

  /** The name is there in full: taking it would only cost whoever wants to send another Enter. */
  const isTyped = (): boolean => {
    const word = wordBefore();
    const typed = word ? `${word.sign}${word.word}` : '';
    return nameKey(choices[chosen]?.text ?? '') === nameKey(typed);
  };

  const keys: Record<string, () => void> = {
    ArrowDown: () => {
      chosen = (chosen + 1) % choices.length;
      mark();
    },
    ArrowUp: () => {
      chosen = (chosen + choices.length - 1) % choices.length;
      mark();
    },
    Enter: () => take(chosen),
    Tab: () => take(chosen),
    Escape: close,
  };

  field.setAttribute('aria-autocomplete', 'list');
  // Before the composer's own keys: while there are choices, Enter takes one.
  field.addEventListener(
    'keydown',
    (event) => {
      const handle = list && !isComposing(event) ? keys[event.key] : undefined;
      if (!handle) return;
      if (event.key === 'Enter' && isTyped()) return close();
      event.preventDefault();
      handle();
    },
    { signal, capture: true },
  );
  field.addEventListener(
    'input',
    () => {
      narrow();
      clearTimeout(timer);
      timer = setTimeout(() => void look(), ASK_AFTER_MS);
    },
    { signal },
  );
  field.addEventListener('blur', () => setTimeout(close, 150), { signal });
  field.form?.addEventListener(
    'pointerdown',
    (event) => {
      const item = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
      if (!item) return;
      event.preventDefault();
      take([...(list?.children ?? [])].indexOf(item));
    },
    { signal },
  );
  signal.addEventListener('abort', close);
};
