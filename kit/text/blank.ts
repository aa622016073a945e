/** Whether a text has nothing to see. Pure, also for browsers. */

/**
 * White space, control characters, and characters that show nothing where a font doesn't know better (Unicode's
 * Default_Ignorable_Code_Point: zero-width spaces, Hangul fillers, direction marks, tags); the empty Braille pattern.
 */
const NOTHING_TO_SEE = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

export const isBlank = (text: string): boolean => NOTHING_TO_SEE.test(text);
