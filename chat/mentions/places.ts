/** Whom a text may mention: the places of its plain text where a name can stand. The database knows which of the names are people. */
import { type PlainText, plainTextsOf } from '../markup/plain.ts';
import { lastCharacter, mayBegin, namesAt, SIGN } from '../markup/signs.ts';
import { looseKey, nameKey } from '../people.ts';

const MAX_PLACES = 50;
/** Of all places together: each name is looked up. */
const MAX_NAMES = 500;
const MAX_NAMES_EACH = 100;

/** What a mention may say, from its sign on. */
export interface Name {
  /** Sign and name, in UTF-16 code units. */
  readonly length: number;
  /** As `nameKey` and `looseKey` give them. */
  readonly key: string;
  readonly loose: string;
}

/** A sign that may begin a mention. */
export interface Place {
  /** Where the sign is in the content, in UTF-16 code units. */
  readonly at: number;
  /** What may be meant, longest first. */
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
 * The mentions that a text may have. Bounded: the first 50 places with 500 names together, shared evenly.
 * Where the text is shown otherwise than it was written (an escaped `|` in a table), a name ends before that.
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
