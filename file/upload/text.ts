/** Decides whether a stream of bytes is text, and in which encoding, in constant memory. Pure. */
import { isUtf8 } from 'node:buffer';
import type { Charset } from '../files/rules.ts';

export interface TextCheck {
  /** Checks the next bytes. False as soon as no encoding fits. */
  accepts(chunk: Uint8Array): boolean;
  /** The encoding of all bytes so far; undefined when they are no text, or end in the middle of a character. */
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
  /** True when the bytes don't end in the middle of a character. */
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

/** The length of a character in UTF-8, by its first byte. */
const lengthOf = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);

/** The number of bytes at the end that begin an incomplete character. */
const cutLength = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0;
  }
  return 0;
};

/** Checks no control characters: they are the same bytes in 8-bit text, whose check finds them. */
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
      // A lone surrogate, or half a character at the end.
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
 * @param head the first bytes, at least two if the file has them; pass them to `accepts` too
 * @param mayBeEightBit false when the bytes begin with a binary signature: then only UTF-8 and UTF-16 count as text
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
