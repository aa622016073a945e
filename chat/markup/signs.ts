/** Where a mention may begin, and where its name may end. Browsers load this file for completion: it imports neither lexer nor schemas. */

/** The signs that begin a mention: `@` and its full-width and small forms. */
export const SIGN = /[@＠﹫]/g;

const MAX_NAME_CHARACTERS = 100;

/** Scripts without spaces between words, or between names and particles: a name may begin and end next to any character. */
export const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]/u;
const WORD = /[\p{L}\p{N}\p{M}_]/u;
/** A character that combines with the one before it. */
const EXTENDS = /[\p{M}\p{Emoji_Modifier}\u200c\u200d]/u;
/** A character that combines with the one after it, too. */
const JOINS = /[\u200c\u200d]/;
const SPACE = /\s/;

/** True of a letter or digit of a script that puts spaces between words. */
export const isSpacedWord = (character: string): boolean => WORD.test(character) && !UNSPACED.test(character);

/**
 * True if a sign may begin a mention, by the character before it ('' at the beginning). Within a word it belongs to a mail address; behind
 * another sign or a backslash it is text.
 */
export const mayBegin = (before: string): boolean => !isSpacedWord(before) && !/[@＠﹫\\]/.test(before);

/** True if a name may end between two characters. @param next '' at the end of the text */
const mayEnd = (character: string, next: string): boolean => {
  if (SPACE.test(character) || JOINS.test(character)) return false;
  if (next === '') return true;
  return !EXTENDS.test(next) && !(isSpacedWord(character) && isSpacedWord(next));
};

/** The first character of a text; '' if the text is empty. */
export const firstCharacter = (text: string): string => /^./su.exec(text)?.[0] ?? '';

/** The last character of a text; '' if the text is empty. */
export const lastCharacter = (text: string): string => /.$/su.exec(text.slice(-2))?.[0] ?? '';

/**
 * The texts behind a sign that may be a name, longest first: for `Ann Lee, hi` these are `Ann Lee, hi`, `Ann Lee,`, `Ann Lee` and `Ann`.
 * Empty if a space or another sign follows the sign. A name doesn't continue in the next line.
 * @param rest the text behind the sign
 * @param next the character that is shown behind `rest`
 * @param limit the most names; the shortest are kept
 */
export const namesAt = (rest: string, next: string, limit: number): string[] => {
  const [line = ''] = rest.slice(0, 2 * MAX_NAME_CHARACTERS + 2).split(/[\n\r]/, 1);
  const characters = Array.from(line).slice(0, MAX_NAME_CHARACTERS + 1);
  const names: string[] = [];
  if (!/^[^\s@＠﹫]/u.test(line)) return names;
  let name = '';
  for (const [index, character] of characters.slice(0, MAX_NAME_CHARACTERS).entries()) {
    name += character;
    const after = characters[index + 1] ?? (line.length < rest.length ? '' : next);
    if (mayEnd(character, after)) names.push(name);
    if (names.length === limit) break;
  }
  return names.reverse();
};
