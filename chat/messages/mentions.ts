/** Who a text mentions. Pure: it finds what could be names; the database knows which of them are people of the room. */

const MAX_MENTIONS = 50;
const MAX_CANDIDATES = 12;
const MAX_NAME_CHARACTERS = 100;

/** Scripts that are written without spaces between words: a name may begin and end next to any of their characters. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const WORD = /[\p{L}\p{N}\p{M}_]/u;

/** How names are compared: without regard to case or to how the characters are composed. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/** Code spans and fences, blanked so that nothing in them is a mention. An unclosed fence reaches to the end. */
const blankCode = (content: string): string =>
  content.replace(/(```+|~~~+)[\s\S]*?(\1|$)|(`+)[^`][\s\S]*?\3(?!`)/g, (code) => ' '.repeat(code.length));

/** Whether a word may end between two characters. */
const isBoundary = (character: string, next: string | undefined): boolean =>
  next === undefined || !WORD.test(next) || !WORD.test(character) || UNSPACED.test(character) || UNSPACED.test(next);

/** Where a name that starts at 0 may end within the characters after an `@`, longest first. */
const nameEnds = (characters: readonly string[]): number[] => {
  const ends: number[] = [];
  for (const [index, character] of characters.entries()) {
    if (/\s/.test(character) || !isBoundary(character, characters[index + 1])) continue;
    ends.push(index + 1);
    if (ends.length === MAX_CANDIDATES) break;
  }
  return ends.reverse();
};

/** An `@` that starts a mention. */
export interface Mention {
  /** Where in the text it is. */
  readonly index: number;
  /** What may be the name behind it, as it is written, longest first. */
  readonly names: readonly string[];
}

/**
 * The mentions in a text that has no code in it: of `@Ann Lee, hi` the names `Ann Lee, hi`, `Ann Lee,`, `Ann Lee`, `Ann`. An `@` inside
 * a word (an e-mail address) is none. Bounded to 50 mentions of 12 names.
 */
export const mentionsIn = (text: string): Mention[] => {
  const mentions: Mention[] = [];
  for (const { index } of text.matchAll(/@(?=[^\s@])/g)) {
    const before = Array.from(text.slice(Math.max(0, index - 2), index)).at(-1);
    if (before !== undefined && WORD.test(before) && !UNSPACED.test(before)) continue;
    const line = text.slice(index + 1, index + 1 + 2 * MAX_NAME_CHARACTERS).split('\n')[0] ?? '';
    const characters = Array.from(line).slice(0, MAX_NAME_CHARACTERS);
    const names = nameEnds(characters).map((end) => characters.slice(0, end).join(''));
    if (names.length > 0) mentions.push({ index, names });
    if (mentions.length === MAX_MENTIONS) break;
  }
  return mentions;
};

/** For each mention outside of code the keys that its name may have, longest first. */
export const findMentions = (content: string): string[][] =>
  mentionsIn(blankCode(content)).map(({ names }) => names.map(nameKey));
