import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import * as samples from '../testing/samples.ts';
import { createTextCheck, judgeType } from './content-type.ts';

const ALLOWED = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
  'application/zip',
];

const refusal = { code: 'wrong_media_type' };

describe('the type of a file', () => {
  test('is judged by its bytes', async () => {
    expect(await judgeType(samples.png(2, 2), undefined, ALLOWED)).toBe('image/png');
    expect(await judgeType(await samples.jpeg(2, 2), undefined, ALLOWED)).toBe('image/jpeg');
    expect(await judgeType(samples.gif(), undefined, ALLOWED)).toBe('image/gif');
    expect(await judgeType(await samples.webp(2, 2), undefined, ALLOWED)).toBe('image/webp');
    expect(await judgeType(samples.pdf(), undefined, ALLOWED)).toBe('application/pdf');
    expect(await judgeType(samples.zip(), undefined, ALLOWED)).toBe('application/zip');
    expect(await judgeType(samples.text(100), undefined, ALLOWED)).toBe('text/plain');
  });

  test('may be declared under its other names, with parameters, or as unknown', async () => {
    for (const declared of ['image/jpg', 'IMAGE/JPEG', 'image/pjpeg; q=1', 'application/octet-stream', ''])
      expect(await judgeType(await samples.jpeg(2, 2), declared, ALLOWED)).toBe('image/jpeg');
    expect(await judgeType(samples.zip(), 'application/x-zip-compressed', ALLOWED)).toBe('application/zip');
    expect(await judgeType(samples.text(9), 'text/plain; charset=utf-8', ALLOWED)).toBe('text/plain');
  });

  test('that is not the declared one is refused', async () => {
    await expect(judgeType(samples.png(2, 2), 'image/jpeg', ALLOWED)).rejects.toMatchObject(refusal);
    await expect(judgeType(samples.png(2, 2), 'text/plain', ALLOWED)).rejects.toMatchObject(refusal);
    await expect(judgeType(samples.text(9), 'text/html', ALLOWED)).rejects.toMatchObject(refusal);
    await expect(
      judgeType(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml', ALLOWED),
    ).rejects.toMatchObject(refusal);
  });

  test('that is not allowed is refused', async () => {
    await expect(judgeType(samples.noise(500), undefined, ALLOWED)).rejects.toMatchObject(refusal);
    await expect(judgeType(samples.png(2, 2), 'image/png', ['text/plain'])).rejects.toMatchObject(refusal);
    const docx = Buffer.from(
      '504b0304140000000000000021005a5a5a5a0000000000000000130000005b436f6e74656e745f54797065735d2e786d6c',
      'hex',
    );
    await expect(judgeType(Buffer.concat([docx, samples.noise(300)]), undefined, ['text/plain'])).rejects.toMatchObject(
      refusal,
    );
  });

  test('is text where a text happens to begin like something else', async () => {
    for (const words of ['BM is short for bench mark', 'MZ', 'ID3 tags', '<?xml version="1.0"?><a/>'])
      expect(await judgeType(Buffer.from(words), 'text/plain', ALLOWED)).toBe('text/plain');
  });

  test("is the sender's word for a text that the operator allows", async () => {
    expect(await judgeType(Buffer.from('a,b\n1,2\n'), 'text/csv', [...ALLOWED, 'text/csv'])).toBe('text/csv');
    await expect(judgeType(Buffer.from('a,b\n1,2\n'), 'text/csv', ALLOWED)).rejects.toMatchObject(refusal);
  });
});

const isTextInChunks = (bytes: Uint8Array, chunkBytes: number): boolean => {
  const check = createTextCheck();
  for (let at = 0; at < bytes.length; at += chunkBytes)
    if (!check.accepts(bytes.slice(at, at + chunkBytes))) return false;
  return check.isWhole();
};

describe('text', () => {
  test('is well-formed UTF-8, however it is cut into chunks', () => {
    const sizes = fc.integer({ min: 1, max: 7 });
    const printable = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(printable, sizes, (words, size) => expect(isTextInChunks(Buffer.from(words), size)).toBeTrue()),
    );
    const isUtf8 = (bytes: Uint8Array) => {
      try {
        return Boolean(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) || true;
      } catch {
        return false;
      }
    };
    const highBytes = fc
      .uint8Array({ min: 0x70, max: 0x7e, maxLength: 2 })
      .chain((low) =>
        fc
          .array(fc.constantFrom(0xc3, 0xa9, 0xe4, 0xb8, 0x96, 0xf0, 0x9f, 0x98, 0x80, 0x41), { maxLength: 8 })
          .map((high) => Uint8Array.from([...low, ...high])),
      );
    fc.assert(
      fc.property(highBytes, sizes, (bytes, size) => expect(isTextInChunks(bytes, size)).toBe(isUtf8(bytes))),
      { numRuns: 2_000 },
    );
  });

  test('has lines, tabs and colours, but no NUL and no other controls', () => {
    expect(isTextInChunks(Buffer.from('a\tb\r\n\x1b[31mred\x1b[0m\f'), 3)).toBeTrue();
    for (const control of ['\0', '\x01', '\x7f', '\x1f'])
      expect(isTextInChunks(Buffer.from(`a${control}b`), 3)).toBeFalse();
  });
});
