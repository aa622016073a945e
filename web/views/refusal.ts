/** Why the file service doesn't take a file, for the person who sent it. */
import { sizeInWords } from './file.ts';

/** @param detail of the service's answer: it names the field of its form, and counts bytes */
export const refusalInWords = (detail: string): string =>
  detail
    .replace(/^file: (.)/, (_, first: string) => first.toUpperCase())
    .replace(/(\d+) bytes/g, (_, bytes) => sizeInWords(Number(bytes)));
