/**
 * A person as chat stores and passes one, and the keys by which names are compared, in chat and in the browser. Names with the same
 * `nameKey` count as the same name; names with the same `looseKey` differ at most by accents.
 */

export interface Person {
  readonly userId: string;
  readonly username: string;
}

/** Apostrophes as keyboards, phones and typographers write them. */
const APOSTROPHES = /[`‘’‛ʹʻʼʽ′]/g;
const HYPHENS = /[\u2010-\u2015\u2212\ufe63\uff0d]/g;
/** Joiners, variation selectors, direction marks and soft hyphens: invisible characters. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
/** The marks of Latin, Greek and Cyrillic, Hebrew points and Arabic vowel signs. A vowel sign of an Indic script is a letter of its own. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670]/g;
/** Letters that people often type without their stroke. Unicode does not decompose them, so NFKD leaves them as they are. */
const STROKES: Readonly<Record<string, string>> = {
  ...{ ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ł: 'l', ŧ: 't', æ: 'ae', œ: 'oe', þ: 'th' },
};
const STROKED = new RegExp(`[${Object.keys(STROKES).join('')}]`, 'g');

/**
 * The key of a name: equal for names that differ only in case, Unicode composition, width, kind of apostrophe or hyphen, runs of spaces
 * or invisible characters. '' for a name of invisible characters. Idempotent.
 */
export const nameKey = (name: string): string =>
  name
    // Before NFKC, which turns it into a space and a combining accent.
    .replaceAll('´', "'")
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(APOSTROPHES, "'")
    .replaceAll('ß', 'ss')
    .replaceAll('ς', 'σ')
    .replace(HYPHENS, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFKC');

/** The key without accents: `Zoë`, `zoe` and `ZOE` have one. */
export const looseKey = (name: string): string =>
  nameKey(name)
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(STROKED, (letter) => STROKES[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();

/** The key columns of a person's row: by them people are looked up. */
export const nameKeys = ({ userId, username }: Person) => ({
  name_key: nameKey(username),
  loose_key: looseKey(username),
  id_key: nameKey(userId),
});
