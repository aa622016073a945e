/** Whether a text is blank: shows nothing. Pure; also used in browsers. */

/**
 * White space, control characters, invisible characters (Unicode's Default_Ignorable_Code_Point: zero-width spaces, Hangul fillers,
 * direction marks, tags), and the empty Braille pattern.
 */
const BLANK = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

export const isBlank = (text: string): boolean => BLANK.test(text);
