/** The file service's reason for rejecting a file, in words for the sender. */
import { sizeInWords } from './file.ts';

/** @param detail of the service's error: starts with the name of a form field, and has sizes in bytes */
export const refusalInWords = (detail: string): string =>
  detail
    .replace(/^file: (.)/, (_, first: string) => first.toUpperCase())
    .replace(/(\d+) bytes/g, (_, bytes) => sizeInWords(Number(bytes)));
