/** Schemas of ids and names. Lengths are counted in code points, as Postgres does. */
import { FormatRegistry } from '@sinclair/typebox';
import { t } from 'elysia';
import { isBlank } from './blank.ts';

const MAX_NAME_CHARACTERS = 100;

/** Whether Postgres and JSON can both store this text: no NUL, no lone surrogate. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** The number of characters (code points) in a text. */
export const countCharacters = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const isName = (text: string): boolean =>
  !isBlank(text) &&
  text.length <= 2 * MAX_NAME_CHARACTERS &&
  countCharacters(text) <= MAX_NAME_CHARACTERS &&
  !hasControls(text) &&
  isStorable(text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const hasControls = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);

FormatRegistry.Set('name', isName);
FormatRegistry.Set('storable', isStorable);
FormatRegistry.Set('visible', (text) => isStorable(text) && !isBlank(text));

export const RoomId = t.String({
  pattern: '^[A-Za-z0-9._-]{1,50}$',
  description: 'A room id: 1 to 50 letters, digits, dots, underscores or hyphens',
  examples: ['general'],
});

export const UserId = t.String({
  format: 'name',
  minLength: 1,
  description: 'A user id: 1 to 100 characters of any script, no control characters',
  examples: ['alice'],
});

export const UserName = t.String({
  format: 'name',
  minLength: 1,
  description: 'A name to show: 1 to 100 characters of any script, no control characters',
  examples: ['alice'],
});

/** Free text of at most `maxLength` UTF-16 units that the stores can keep. */
export const storableText = (
  maxLength: number,
  options: { description: string; minLength?: number; examples?: string[] },
) => t.String({ format: 'storable', maxLength, ...options });

/** The same for a text that people must be able to see, such as a room's name: it may not be blank. */
export const visibleText = (maxLength: number, options: { description: string; examples?: string[] }) =>
  t.String({ format: 'visible', minLength: 1, maxLength, ...options });

/** A time in answers. */
export const Time = t.String({ description: 'ISO 8601, UTC', examples: ['2026-01-31T12:00:00.000Z'] });

/** The body of every error. */
export const ErrorAnswer = t.Object(
  {
    detail: t.String({ description: 'What happened, why, and what to do' }),
    code: t.String({ description: 'The same for the same error everywhere' }),
  },
  { additionalProperties: true, examples: [{ detail: 'There is nothing at this address', code: 'not_found' }] },
);
