/**
 * White space, control characters, and characters that show nothing (Unicode's Default_Ignorable_Code_Point, the empty Braille pattern):
 * chat ignores a message of nothing else, without an answer.
 */
const NOTHING_TO_SEE = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

export const isBlank = (text: string): boolean => NOTHING_TO_SEE.test(text);
