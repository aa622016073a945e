/** Reads JSON that strangers wrote. */

const INHERITED = new Set(['__proto__', 'constructor', 'prototype']);

/** A key may also be written with escapes (`\u005f`), so any escape counts as a reason to look. */
const MAY_NAME_INHERITED = /__proto__|constructor|prototype|\\u/;

const dropInherited = (key: string, value: unknown): unknown => (INHERITED.has(key) ? undefined : value);

/**
 * Like `JSON.parse`, but drops the keys `__proto__`, `constructor` and `prototype` at every depth: a later spread or
 * assignment would turn their values into inherited fields.
 * @throws {SyntaxError} when the text is not JSON
 */
export const parseJson = (text: string): unknown =>
  MAY_NAME_INHERITED.test(text) ? JSON.parse(text, dropInherited) : JSON.parse(text);
