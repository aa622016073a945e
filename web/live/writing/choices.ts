/** The choices of a completion: names of people after `@`, emoji after `:`. */
import { looseKey } from '@parley/chat/people';
import { listMentionable } from '@parley/client/api/chat';
import { avatar } from '../../views/avatar.ts';
import { type Html, html } from '../../views/html.ts';
import { call } from '../page/api.ts';
import type { Completed } from './words.ts';

export interface Choice {
  /** The text that replaces the typed word. */
  readonly text: string;
  readonly view: Html;
  /** Whether the choice still matches a word that is typed further. */
  fits(word: string): boolean;
}

const MAX_CHOICES = 8;

const findPeople = async (room: string, word: string): Promise<Choice[]> => {
  const people = await call(listMentionable, { room_id: room, q: word, limit: MAX_CHOICES });
  return people.map(({ user_id, username, mention }) => ({
    text: `@${mention} `,
    view: html`${avatar(user_id, username)}<bdi>${username}</bdi>${mention !== username && html` <small>@${mention}</small>`}`,
    fits: (typed) => [username, user_id].some((name) => looseKey(name).startsWith(looseKey(typed))),
  }));
};

const findEmojiChoices = async (word: string): Promise<Choice[]> => {
  const { findEmoji } = await import('./emoji.ts');
  return findEmoji(word, MAX_CHOICES).map(({ name, character }) => ({
    text: `${character} `,
    view: html`<span aria-hidden="true">${character}</span>${name}`,
    fits: (typed) => name.includes(typed.toLowerCase()),
  }));
};

/** People of the room come first. @throws when they can't be loaded */
export const findChoices = async (room: string, { sign, word }: Completed): Promise<readonly Choice[]> => {
  const found = await (sign === '@' ? findPeople(room, word) : findEmojiChoices(word));
  return found.slice(0, MAX_CHOICES);
};
