/** The rules for people's names, passwords, and the user ids that are made of names. Pure. */
import { countCharacters } from '@parley/kit/text/text';

const MAX_CHARACTERS = 40;

/** Invisible characters and those that change the direction of text: names that look the same must not differ by them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Persian, Indic scripts and emoji sequences need them. Names that differ only by them have the same key. */
const JOINERS = /[\u200c\u200d]/g;

/** The stored form of a name: trimmed, with single spaces. */
export const tidyName = (name: string): string => name.normalize('NFC').trim().replace(/\s+/g, ' ');

/** Why a name isn't accepted, in words for the person; undefined for a valid name. */
export const nameFault = (name: string): string | undefined => {
  const tidy = tidyName(name);
  if (tidy === '') return 'Choose a name of at least one character.';
  if (countCharacters(tidy) > MAX_CHARACTERS) return `A name has at most ${MAX_CHARACTERS} characters.`;
  if (INVISIBLE.test(tidy.replace(JOINERS, ''))) return 'A name can’t have invisible or control characters.';
  if (!/[\p{L}\p{N}]/u.test(tidy.replace(/\p{Default_Ignorable_Code_Point}/gu, '')))
    return 'A name needs a letter or a digit.';
  if (/[/\\@#?%]/.test(tidy)) return 'A name can’t have any of / \\ @ # ? %';
  return undefined;
};

/** Equal for names of the same account: `Alice`, `ALICE`, and `Alice` in full-width letters. */
export const nameKey = (name: string): string =>
  tidyName(name).normalize('NFKC').replace(JOINERS, '').toLowerCase().replaceAll(' ', '-');

/**
 * The user id of a person without an account. On an open server it is the name's key, which the first clients rely on. With `AUTH_SECRET`
 * it ends in a random part, so that choosing someone's name doesn't give their id.
 */
export const newUserId = (name: string, isOpen: boolean): string => {
  const key = nameKey(name);
  return isOpen ? key : `${key}~${crypto.randomUUID().slice(0, 8)}`;
};

const MIN_PASSWORD = 8;
const MAX_PASSWORD = 200;

export const passwordFault = (password: string): string | undefined => {
  if (password.length < MIN_PASSWORD) return `A password has at least ${MIN_PASSWORD} characters.`;
  return password.length > MAX_PASSWORD ? `A password has at most ${MAX_PASSWORD} characters.` : undefined;
};
