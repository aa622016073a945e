/**
 * How names are compared, in chat and in the browser. Two names with one key are the same name to whoever types it; two with one loose
 * key differ by accents only.
 */

/** Apostrophes as keyboards, phones and typographers write them. */
const APOSTROPHES = /[`‘’‛ʹʻʼʽ′]/g;
const HYPHENS = /[\u2010-\u2015\u2212\ufe63\uff0d]/g;
/** Joiners, variation selectors, direction marks, soft hyphens: characters that nobody sees. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
/** The marks of Latin, Greek and Cyrillic, Hebrew points and Arabic vowel signs. A vowel sign of an Indic script is a letter of its own. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670]/g;
/** Letters that people type without their stroke, and that no decomposition takes apart. */
const STROKES: Readonly<Record<string, string>> = {
  ...{ ø: 'o', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ł: 'l', ŧ: 't', æ: 'ae', œ: 'oe', þ: 'th' },
};
const STROKED = new RegExp(`[${Object.keys(STROKES).join('')}]`, 'g');

/**
 * Equal for names that are compared as one: case, composition, width, kind of apostrophe or hyphen, runs of spaces and invisible
 * characters don't count. Empty when a name has nothing to see. A key is its own key.
 */
export const nameKey = (name: string): string =>
  name
    // NFKC would make a space and an accent of it.
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

/** The keys by which a person is found. */
export const nameKeys = ({ userId, username }: { userId: string; username: string }) => ({
  name_key: nameKey(username),
  loose_key: looseKey(username),
  id_key: nameKey(userId),
});
