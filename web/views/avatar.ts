/** A person's avatar: the first letter of the name, on a colour that follows from the user id. */
import { type Html, html } from './html.ts';

const HUES = 12;

/** A number from 0 to 11, the same for an id on the server and in every browser. */
const hueOf = (userId: string): number => {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
};

const firstLetter = (name: string): string => /[\p{L}\p{N}]/u.exec(name)?.[0]?.toUpperCase() ?? '?';

export const avatar = (userId: string, username: string): Html =>
  html`<span class="avatar hue-${hueOf(userId)}" aria-hidden="true">${firstLetter(username)}</span>`;
