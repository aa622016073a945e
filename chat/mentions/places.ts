/** The places of a text where a mention can stand, each with the names that it may have. The database resolves names to people. */
import { type PlainText, plainTextsOf } from '../markup/plain.ts';
import { lastCharacter, mayBegin, namesAt, SIGN } from '../markup/signs.ts';
import { looseKey, nameKey } from '../people.ts';

const MAX_PLACES = 50;
/** The most names of all places together, because each one is looked up in the database. */
const MAX_NAMES = 500;
const MAX_NAMES_EACH = 100;

/** A name that may be meant at a place. */
export interface Name {
  /** The length of sign and name, in UTF-16 code units. */
  readonly length: number;
  /** The name's `nameKey`, and its `looseKey`. */
  readonly key: string;
  readonly loose: string;
}

/** A sign that may begin a mention. */
export interface Place {
  /** The offset of the sign in the content, in UTF-16 code units. */
  readonly at: number;
  /** The names that may be meant, longest first. */
  readonly names: readonly Name[];
}

interface Sign {
  readonly at: number;
  readonly rest: string;
  readonly after: string;
}

const signsIn = ({ text, before, after, signs }: PlainText): Sign[] =>
  signs.flatMap(({ index, at }) => {
    const previous = index === 0 ? before : lastCharacter(text.slice(0, index));
    return mayBegin(previous) ? [{ at, rest: text.slice(index + 1), after }] : [];
  });

const toName = (name: string): Name => ({ length: 1 + name.length, key: nameKey(name), loose: looseKey(name) });

/**
 * The places where a text may mention people: at most the first 50, with 500 names together, shared evenly. Where the shown text differs
 * from the content (an escaped `|` in a table), a name ends before the difference.
 */
export const placesIn = (content: string): Place[] => {
  if (content.search(SIGN) === -1) return [];
  const signs = plainTextsOf(content).flatMap(signsIn).slice(0, MAX_PLACES);
  const limit = Math.min(MAX_NAMES_EACH, Math.floor(MAX_NAMES / signs.length));
  return signs.flatMap(({ at, rest, after }) => {
    const names = namesAt(rest, after, limit)
      .filter((name) => content.startsWith(name, at + 1))
      .map(toName)
      .filter(({ key }) => key !== '');
    return names.length > 0 ? [{ at, names }] : [];
  });
};
