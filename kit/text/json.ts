/** Parses untrusted JSON. */

const INHERITED = new Set(['__proto__', 'constructor', 'prototype']);

/** A key may be written with escapes (`\u005f`), so any text with an escape is checked key by key. */
const MAY_NAME_INHERITED = /__proto__|constructor|prototype|\\u/;

const dropInherited = (key: string, value: unknown): unknown => (INHERITED.has(key) ? undefined : value);

/**
 * Like `JSON.parse`, but drops the keys `__proto__`, `constructor` and `prototype` at every depth: merging such an object into another
 * could change prototypes.
 * @throws {SyntaxError} when the text is not JSON
 */
export const parseJson = (text: string): unknown =>
  MAY_NAME_INHERITED.test(text) ? JSON.parse(text, dropInherited) : JSON.parse(text);
