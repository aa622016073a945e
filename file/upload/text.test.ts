import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Charset } from '../files/rules.ts';
import { encodedText } from '../testing/encodings.ts';
import { createTextCheck } from './text.ts';

/** The encoding found in bytes that come in chunks of a size; undefined for what is no text. */
const charsetOf = (bytes: Uint8Array, chunkBytes = 4_096, mayBeEightBit = true): Charset | undefined => {
  const check = createTextCheck(bytes, mayBeEightBit);
  for (let at = 0; at < bytes.length; at += chunkBytes)
    if (!check.accepts(bytes.slice(at, at + chunkBytes))) return undefined;
  return check.charset();
};

const chunkBytes = fc.integer({ min: 1, max: 7 });

describe('text', () => {
  test('is known in every encoding, however it is cut into chunks', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(encodedText, chunkBytes, ({ label, bytes }, size) => {
        const found = charsetOf(bytes, size);
        const isUnicode = label.startsWith('utf');
        // Few bytes of a code page may be well-formed UTF-8 by chance.
        expect(found).toBeOneOf(isUnicode ? [label as Charset] : ['8-bit', 'utf-8']);
        if (found === 'utf-8') new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        seen.add(`${label} ${found}`);
      }),
      { numRuns: 2_000 },
    );
    for (const known of [
      'utf-8 utf-8',
      'utf-16le utf-16le',
      'utf-16be utf-16be',
      'windows-1252 8-bit',
      'shift_jis 8-bit',
    ])
      expect(seen).toContain(known);
  });

  test('is UTF-8 exactly where it is well-formed', () => {
    const byte = fc.constantFrom(0xc3, 0xa9, 0xe4, 0xb8, 0x96, 0xf0, 0x9f, 0x98, 0x80, 0x41, 0xed, 0xa0);
    const isUtf8 = (bytes: Uint8Array) => {
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(
        fc.uint8Array({ min: 0x70, max: 0x7e, maxLength: 2 }),
        fc.array(byte, { maxLength: 8 }),
        chunkBytes,
        (low, high, size) => {
          const bytes = Uint8Array.from([...low, ...high]);
          expect(charsetOf(bytes, size)).toBe(isUtf8(bytes) ? 'utf-8' : '8-bit');
          expect(charsetOf(bytes, size, false)).toBe(isUtf8(bytes) ? 'utf-8' : undefined);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('has lines, tabs, pages and colours, but no NUL and no other controls', () => {
    const encodings = [(text: string) => Buffer.from(text), (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')];
    for (const encode of encodings) {
      expect(charsetOf(encode('a\tb\r\n\x1b[31mred\x1b[0m\f'), 3)).toBeDefined();
      for (let code = 0; code < 32; code += 1)
        expect([code, charsetOf(encode(`a${String.fromCharCode(code)}b`)) !== undefined]).toEqual([
          code,
          [9, 10, 12, 13, 27].includes(code),
        ]);
      expect(charsetOf(encode('a\x7fb'))).toBeUndefined();
    }
  });

  test('is not UTF-16 with half a character, and not UTF-32', () => {
    expect(charsetOf(Buffer.from('\ufeffab\ud800', 'utf16le'))).toBeUndefined();
    expect(charsetOf(Buffer.from('\ufeffab', 'utf16le').subarray(0, 5))).toBeUndefined();
    expect(charsetOf(Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]))).toBeUndefined();
    expect(charsetOf(Buffer.from([0xff, 0xfe]))).toBe('utf-16le');
  });
});
