import { describe, expect, test } from 'bun:test';
import { parse } from 'content-disposition';
import fc from 'fast-check';
import { cleanName, type StoredFile } from '../files/rules.ts';
import { contentHeaders, isNotModified, rangeOf } from './rules.ts';

const file: StoredFile = {
  id: '019c1346-2200-7000-8000-5f1d3c2b1a00',
  objectId: 'b9b0c9a2-51f4-4d05-8a52-8f0e8e0c3f11',
  originalName: 'a.txt',
  contentType: 'text/plain',
  charset: null,
  sizeBytes: 100,
  sha256: 'abc',
  width: null,
  height: null,
  uploadedBy: 'alice',
  roomId: null,
  createdAt: new Date('2026-01-31T12:00:00.500Z'),
};
const LAST_MODIFIED = 'Sat, 31 Jan 2026 12:00:00 GMT';

const rangeFor = (range: string, more: Record<string, string> = {}) => rangeOf(new Headers({ range, ...more }), file);

describe('a range', () => {
  test('is one of bytes, from its first to its last, cut at the end', () => {
    expect(rangeFor('bytes=0-0')).toEqual({ start: 0, end: 1 });
    expect(rangeFor('bytes=10-19')).toEqual({ start: 10, end: 20 });
    expect(rangeFor('bytes=90-')).toEqual({ start: 90, end: 100 });
    expect(rangeFor('bytes=90-500')).toEqual({ start: 90, end: 100 });
    expect(rangeFor('BYTES=0-1')).toEqual({ start: 0, end: 2 });
  });

  test('may be counted from the end', () => {
    expect(rangeFor('bytes=-10')).toEqual({ start: 90, end: 100 });
    expect(rangeFor('bytes=-500')).toEqual({ start: 0, end: 100 });
  });

  test('that begins behind the end is not satisfiable', () => {
    expect(rangeFor('bytes=100-')).toBe('unsatisfiable');
    expect(rangeFor('bytes=100-200')).toBe('unsatisfiable');
    expect(rangeFor('bytes=-0')).toBe('unsatisfiable');
  });

  test('that is malformed, of another unit, or one of several is as if it were not there', () => {
    for (const range of [
      '',
      'bytes',
      'bytes=',
      'bytes=-',
      'bytes=5-2',
      'bytes=a-b',
      'lines=0-1',
      'bytes=0-1,5-6',
      'bytes=1-9999999999999999',
    ])
      expect(rangeFor(range)).toBeUndefined();
  });

  test('holds only for the content that If-Range names', () => {
    const asked = { start: 0, end: 10 };
    expect(rangeFor('bytes=0-9', { 'if-range': '"abc"' })).toEqual(asked);
    expect(rangeFor('bytes=0-9', { 'if-range': LAST_MODIFIED })).toEqual(asked);
    for (const other of ['"abd"', 'W/"abc"', 'Sat, 31 Jan 2026 12:00:01 GMT'])
      expect(rangeFor('bytes=0-9', { 'if-range': other })).toBeUndefined();
  });

  test('is never empty and never outside of the file, whatever is asked', () => {
    const some = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(300), fc.nat(300)).map(([a, b]) => `bytes=${a}-${b}`),
      fc.nat(300).map((n) => `bytes=-${n}`),
    );
    fc.assert(
      fc.property(some, (range) => {
        const header = range.replace(/[^\x20-\x7e]/g, '?');
        const asked = rangeFor(header);
        if (asked === undefined || asked === 'unsatisfiable') return;
        expect(asked.start).toBeGreaterThanOrEqual(0);
        expect(asked.end).toBeGreaterThan(asked.start);
        expect(asked.end).toBeLessThanOrEqual(file.sizeBytes);
      }),
    );
  });
});

describe("a client's copy", () => {
  const isGood = (headers: Record<string, string>) => isNotModified(new Headers(headers), file);

  test('is good when If-None-Match names this content', () => {
    for (const known of ['"abc"', 'W/"abc"', '"x", "abc"', '*']) expect(isGood({ 'if-none-match': known })).toBeTrue();
    expect(isGood({ 'if-none-match': '"abd"' })).toBeFalse();
  });

  test('is good when it is as young as the file', () => {
    expect(isGood({ 'if-modified-since': LAST_MODIFIED })).toBeTrue();
    expect(isGood({ 'if-modified-since': 'Sat, 31 Jan 2026 11:59:59 GMT' })).toBeFalse();
    expect(isGood({ 'if-modified-since': 'yesterday' })).toBeFalse();
  });

  test('is judged by If-None-Match where there are both', () => {
    expect(isGood({ 'if-none-match': '"other"', 'if-modified-since': LAST_MODIFIED })).toBeFalse();
  });

  test('is not there without a condition', () => {
    expect(isGood({})).toBeFalse();
  });
});

const dispositionOf = (name: string) =>
  contentHeaders({ ...file, originalName: cleanName(name) })['content-disposition'] ?? '';

describe('the headers of a download', () => {
  test('carry any name safely: one line of ASCII, which reads as that name again', () => {
    const anyName = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('a"b\\.txt', '..\r\nX: y', '%41', "it's;a=b.txt", '世界 ☃.pdf', '\ud800'),
    );
    fc.assert(
      fc.property(anyName, (name) => {
        const header = dispositionOf(name);
        expect(header).toMatch(/^[\x20-\x7e]+$/);
        expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(header);
        expect(parse(header).parameters.filename).toBe(cleanName(name));
      }),
    );
  });

  test('let browsers show images, PDF and text, and save everything else', () => {
    for (const contentType of ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf', 'text/plain'])
      expect(contentHeaders({ ...file, contentType })['content-disposition']).toStartWith('inline;');
    for (const contentType of ['application/zip', 'text/html', 'image/svg+xml', 'text/csv', 'application/xhtml+xml'])
      expect(contentHeaders({ ...file, contentType })['content-disposition']).toStartWith('attachment;');
  });

  test('forbid the content everything', () => {
    const headers = contentHeaders(file);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain('sandbox');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});
