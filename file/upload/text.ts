/** Whether bytes are text, and in which encoding: judged while they pass, in memory that doesn't grow with them. Pure. */
import { isUtf8 } from 'node:buffer';
import type { Charset } from '../files/rules.ts';

export interface TextCheck {
  /** Takes the next bytes. False as soon as no encoding fits. */
  accepts(chunk: Uint8Array): boolean;
  /** The encoding of all bytes taken; undefined when they are no text (a character may be cut at the end). */
  charset(): Charset | undefined;
}

/** Tab, line feed, form feed, carriage return, escape (terminal colours). */
const TEXT_CONTROLS = new Set([9, 10, 12, 13, 27]);
const FIRST_PRINTABLE = 32;
const DEL = 127;

const isControl = (code: number): boolean => (code < FIRST_PRINTABLE && !TEXT_CONTROLS.has(code)) || code === DEL;

const CONTROL_BYTES = Uint8Array.from({ length: 256 }, (_, code) => Number(isControl(code)));
const CONTROL_CHARACTERS = new RegExp(
  `[${Array.from({ length: DEL + 1 }, (_, code) => code)
    .filter(isControl)
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('')}]`,
);

/** One encoding that the bytes may be in. */
interface Candidate {
  readonly charset: Charset;
  accepts(chunk: Uint8Array): boolean;
  /** No character is cut at the end. */
  isWhole(): boolean;
}

const eightBit = (): Candidate => ({
  charset: '8-bit',
  accepts: (chunk) => {
    for (const byte of chunk) if (CONTROL_BYTES[byte]) return false;
    return true;
  },
  isWhole: () => true,
});

/** How many bytes a character has, by its first. */
const lengthOf = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);

/** How many bytes at the end are the beginning of a character that needs more. */
const cutLength = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0;
  }
  return 0;
};

/** Control characters are the 8-bit check's: they are the same bytes. */
const utf8 = (): Candidate => {
  let cut: Uint8Array = new Uint8Array();
  return {
    charset: 'utf-8',
    accepts: (chunk) => {
      const missing = cut.length > 0 ? lengthOf(cut[0] ?? 0) - cut.length : 0;
      const mended = Buffer.concat([cut, chunk.subarray(0, missing)]);
      const rest = chunk.subarray(missing);
      if (chunk.length < missing) {
        cut = mended;
        return true;
      }
      const end = rest.length - cutLength(rest);
      cut = rest.slice(end);
      return isUtf8(mended) && isUtf8(rest.subarray(0, end));
    },
    isWhole: () => cut.length === 0,
  };
};

const utf16 = (charset: 'utf-16le' | 'utf-16be'): Candidate => {
  const decoder = new TextDecoder(charset, { fatal: true });
  const decoded = (chunk?: Uint8Array): string | undefined => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      // A lone surrogate, or half a character at the end: not this encoding.
      return undefined;
    }
  };
  return {
    charset,
    accepts: (chunk) => {
      const text = decoded(chunk);
      return text !== undefined && !CONTROL_CHARACTERS.test(text);
    },
    isWhole: () => decoded() !== undefined,
  };
};

const utf16Of = (head: Uint8Array): Candidate[] => {
  if (head[0] === 0xff && head[1] === 0xfe) return [utf16('utf-16le')];
  return head[0] === 0xfe && head[1] === 0xff ? [utf16('utf-16be')] : [];
};

/**
 * Text is UTF-8, UTF-16 with a byte order mark, or 8-bit; without NUL and other control characters.
 * @param head the first bytes, two where there are as many; pass them to `accepts`, too
 * @param mayBeEightBit false where a binary signature begins the bytes: then only Unicode is believed
 */
export const createTextCheck = (head: Uint8Array, mayBeEightBit = true): TextCheck => {
  const bytes = eightBit();
  let areBytesText = true;
  let unicode = [...utf16Of(head), utf8()];
  const alive = (): Candidate[] => {
    const ofBytes = unicode.filter(({ charset }) => areBytesText || charset !== 'utf-8');
    return areBytesText && mayBeEightBit ? [...ofBytes, bytes] : ofBytes;
  };
  return {
    accepts: (chunk) => {
      areBytesText &&= bytes.accepts(chunk);
      unicode = unicode.filter((candidate) => candidate.accepts(chunk));
      return alive().length > 0;
    },
    charset: () => alive().find((candidate) => candidate.isWhole())?.charset,
  };
};
