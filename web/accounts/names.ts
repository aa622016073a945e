/** The names people may choose, and the ids that follow from them. Pure. */
import { countCharacters } from '@parley/kit/text/text';

const MAX_CHARACTERS = 40;

/** Invisible or direction-changing characters: two names that look the same must not differ by them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Persian and Indic scripts need them, and emoji are joined by them. Names that differ only by them are one. */
const JOINERS = /[\u200c\u200d]/g;

/** A chosen name as it is kept: trimmed, runs of spaces as one. */
export const tidyName = (name: string): string => name.normalize('NFC').trim().replace(/\s+/g, ' ');

/** What is wrong with a name, in words for its chooser; undefined when it is fine. */
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

/** Equal for names that belong to one account: `Alice`, `ALICE` and the full-width letters are one. */
export const nameKey = (name: string): string =>
  tidyName(name).normalize('NFKC').replace(JOINERS, '').toLowerCase().replaceAll(' ', '-');

/**
 * The id of someone new. In the open contract it is the name, as the seed's clients have it; where ids are proven it ends in a random
 * part that only the server gives, so that nobody becomes somebody by choosing their name.
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
