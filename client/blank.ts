/**
 * White space, control characters, and invisible characters (Unicode's Default_Ignorable_Code_Point, the empty Braille pattern). Chat drops
 * a message that has no other character, and sends no frame in answer.
 */
const BLANK = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

export const isBlank = (text: string): boolean => BLANK.test(text);
