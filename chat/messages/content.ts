/** How long a message's text may be. Also for browsers: without the library of the schemas. */

export const MAX_CONTENT_CHARACTERS = 8_000;

/** Why a text isn't taken. @param length its characters (code points) */
export const whyTooLong = (length: number): string =>
  `it has ${length} characters, at most ${MAX_CONTENT_CHARACTERS} fit a message; send it in parts or as a file`;
