/** Where a mention may begin, and where its name may end. Without the lexer and the schemas: the page's completion asks the same. */

/** The signs that begin a mention: `@` and its full-width and small forms. */
export const SIGN = /[@＠﹫]/g;

const MAX_NAME_CHARACTERS = 100;

/** Scripts whose words, or whose names and particles, stand without a space between: a name may begin and end next to any character. */
export const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]/u;
const WORD = /[\p{L}\p{N}\p{M}_]/u;
/** Belongs to the character before it. */
const EXTENDS = /[\p{M}\p{Emoji_Modifier}\u200c\u200d]/u;
/** Belongs to the character after it, too. */
const JOINS = /[\u200c\u200d]/;
const SPACE = /\s/;

/** A character of a word that spaces stand around. */
export const isSpacedWord = (character: string): boolean => WORD.test(character) && !UNSPACED.test(character);

/**
 * Whether a sign begins a mention, by the character before it ('' at a beginning). Within a word it is an address, doubled it is
 * something else, behind a backslash its writer wants none.
 */
export const mayBegin = (before: string): boolean => !isSpacedWord(before) && !/[@＠﹫\\]/.test(before);

/** Whether a name may end between two characters; `next` is '' at an end. */
const mayEnd = (character: string, next: string): boolean => {
  if (SPACE.test(character) || JOINS.test(character)) return false;
  if (next === '') return true;
  return !EXTENDS.test(next) && !(isSpacedWord(character) && isSpacedWord(next));
};

/** The first character of a text, '' of an empty one. */
export const firstCharacter = (text: string): string => /^./su.exec(text)?.[0] ?? '';

/** The last character of a text, '' of an empty one. */
export const lastCharacter = (text: string): string => /.$/su.exec(text.slice(-2))?.[0] ?? '';

/**
 * What may be the name behind a sign, longest first: of `Ann Lee, hi` `Ann Lee, hi`, `Ann Lee,`, `Ann Lee` and `Ann`. None when a space
 * or another sign follows. A name ends with its line.
 * @param rest the text behind the sign
 * @param next the character that is shown behind that text
 * @param limit how many, of the shortest
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
