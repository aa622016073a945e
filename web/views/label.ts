/** Direction marks, and what turns the text behind them around. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name for where only text can be, as in a label or a title: nothing could isolate it from the words around it, as `<bdi>` does. */
export const labelOf = (name: string): string => name.replace(DIRECTIONS, '');
