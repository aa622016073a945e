/** A person's mark: the first letter of the name on a colour that is always theirs. */
import { type Html, html } from './html.ts';

const HUES = 12;

/** The same number from 0 to 11 for the same id everywhere. */
const hueOf = (userId: string): number => {
  let hash = 0;
  for (const character of userId) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % HUES;
};

const firstLetter = (name: string): string => /[\p{L}\p{N}]/u.exec(name)?.[0]?.toUpperCase() ?? '?';

export const avatar = (userId: string, username: string): Html =>
  html`<span class="avatar hue-${hueOf(userId)}" aria-hidden="true">${firstLetter(username)}</span>`;
