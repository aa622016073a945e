import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { cleanName, isFileId, newFile, viewOf } from './rules.ts';

describe('a file name', () => {
  test('loses its folders, of any system', () => {
    expect(cleanName('/etc/passwd')).toBe('passwd');
    expect(cleanName('C:\\Users\\alice\\a.txt')).toBe('a.txt');
    expect(cleanName('../../x')).toBe('x');
  });

  test('keeps letters of any script, and quotes', () => {
    for (const name of [
      'Übersicht 世界 ☃.pdf',
      `it's "quoted".txt`,
      '<img src=x onerror=alert(1)>.png'.replaceAll('/', ''),
    ])
      expect(cleanName(name)).toBe(name);
  });

  test('loses what is not shown, or turns the reading direction', () => {
    expect(cleanName('a\0b\r\nc.txt')).toBe('abc.txt');
    expect(cleanName('photo\u202egnp.exe')).toBe('photognp.exe');
  });

  test('is there even when nothing is left of it', () => {
    for (const name of ['', '   ', '/', '\0', '\u202e']) expect(cleanName(name)).toBe('file');
  });

  test('that is too long is cut before its ending', () => {
    const name = cleanName(`${'😀'.repeat(400)}.txt`);
    expect([...name]).toHaveLength(255);
    expect(name).toEndWith('😀.txt');
  });

  test('is always storable, short and one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (given) => {
        const name = cleanName(given);
        expect(name.isWellFormed()).toBeTrue();
        expect([...name].length).toBeWithin(1, 256);
        expect(name).not.toMatch(/[\0\r\n/\\]/);
        expect(cleanName(name)).toBe(name);
      }),
      { numRuns: 500 },
    );
  });
});

const received = {
  objectId: 'b9b0c9a2-51f4-4d05-8a52-8f0e8e0c3f11',
  contentType: 'image/png',
  charset: null,
  sizeBytes: 10,
  sha256: 'abc',
  width: 4,
  height: 3,
};

describe('a new file', () => {
  const upload = { received, name: 'a.png', uploadedBy: 'alice', roomId: 'general' };

  test('has an id that sorts by its time of creation', () => {
    const [first, second] = [newFile(upload, 1_000), newFile(upload, 2_000)];
    expect(isFileId(first.id)).toBeTrue();
    expect(first.id < second.id).toBeTrue();
    expect(second.createdAt.getTime()).toBe(2_000);
  });

  test('belongs to no room when the room is empty', () => {
    expect(newFile({ ...upload, roomId: '' }, 1_000).roomId).toBeNull();
  });

  test('is shown with its addresses, and its object is not shown', () => {
    const file = newFile(upload, 1_000);
    const view = viewOf(file);
    expect(view.download_url).toBe(`/api/files/${file.id}/download`);
    expect(view.thumbnail_url).toBe(`/api/files/${file.id}/thumbnail`);
    expect(JSON.stringify(view)).not.toContain(received.objectId);
    expect(viewOf({ ...file, contentType: 'application/pdf' }).thumbnail_url).toBeNull();
  });
});

test('what is no UUID is no file id', () => {
  for (const text of ['', 'upload', 'files', '019c1346', `${crypto.randomUUID()}x`]) expect(isFileId(text)).toBeFalse();
});
