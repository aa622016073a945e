import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { encodedText } from '../testing/encodings.ts';
import * as samples from '../testing/samples.ts';
import { judgeType } from './content-type.ts';

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

const judge = async (head: Uint8Array | string, name = 'unnamed', declaredType?: string, allowed = ALLOWED) =>
  (await judgeType({ head: Buffer.from(head), name, declaredType }, allowed)).contentType;

const pictures: [() => Promise<Buffer> | Buffer, string][] = [
  [() => samples.png(2, 2), 'image/png'],
  [() => samples.jpeg(2, 2), 'image/jpeg'],
  [() => samples.gif(), 'image/gif'],
  [() => samples.webp(2, 2), 'image/webp'],
  [() => samples.pdf(), 'application/pdf'],
  [() => samples.zip(), 'application/zip'],
  [() => samples.docx(), 'application/zip'],
  [() => samples.text(100), 'text/plain'],
];

/** Names and the types that browsers and systems guess by them. */
const guesses = [
  ['README.md', 'text/markdown'],
  ['table.csv', 'application/vnd.ms-excel'],
  ['table.csv', 'text/csv'],
  ['main.py', 'text/x-python-script'],
  ['data.json', 'application/json'],
  ['app.log', ''],
  ['fix.patch', 'text/x-patch'],
  ['fix.diff', 'text/x-diff'],
  ['compose.yaml', 'application/x-yaml'],
  ['index.ts', 'video/mp2t'],
  ['main.rs', 'text/rust'],
  ['dump.sql', 'application/sql'],
  ['script.js', 'text/javascript'],
  ['run.sh', 'application/x-sh'],
  ['start.bat', 'application/x-msdos-batch'],
  ['style.css', 'text/css'],
  ['pom.xml', 'text/xml'],
  ['index.php', 'application/x-httpd-php'],
  ['Makefile', 'application/octet-stream'],
  ['photo.jpg', 'image/jpeg'],
  ['clip.mp4', 'video/mp4'],
  ['.env', 'binary/octet-stream'],
  ['report.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['main.html.txt', 'text/plain; charset=utf-8'],
  ['notes', 'nonsense'],
];

describe('the type of a file', () => {
  for (const [sample, type] of pictures) {
    test(`is ${type} by its bytes, whatever it is called`, async () => {
      for (const [name, declared] of guesses)
        expect([name, await judge(await sample(), name, declared)]).toEqual([name ?? '', type]);
    });
  }

  test('is never a web page or a drawing with code, by name or by declared type, whatever is in it', async () => {
    const contents = [samples.png(2, 2), samples.text(50), samples.zip(), Buffer.from('<html>')];
    const names = [
      'a.html',
      'a.htm',
      'A.HTML',
      'a.xhtml',
      'a.xht',
      'a.shtml',
      'a.svg',
      'a.SVG',
      'a.svgz',
      'a.mhtml',
      'a.hta',
      'a.svg.',
      'a.html . ',
    ];
    const types = ['text/html', 'TEXT/HTML; charset=utf-8', 'application/xhtml+xml', 'image/svg+xml', 'image/svg'];
    for (const content of contents) {
      for (const name of names)
        for (const declared of [
          undefined,
          '',
          'text/plain',
          'image/png',
          'application/zip',
          'application/octet-stream',
        ])
          await expect(judge(content, name, declared)).rejects.toMatchObject(refusal);
      for (const type of types) await expect(judge(content, 'a.txt', type)).rejects.toMatchObject(refusal);
    }
    expect(await judge('<html>', 'html')).toBe('text/plain');
    expect(await judge('<svg/>', 'svg.txt')).toBe('text/plain');
  });

  test('is never a program, by its bytes or by its name', async () => {
    for (const program of samples.programs())
      await expect(judge(program, 'notes.txt', 'text/plain')).rejects.toMatchObject(refusal);
    for (const name of ['setup.exe', 'a.msi', 'a.JAR', 'app.apk', 'a.scr', 'a.msix', 'a.exe.'])
      for (const content of [samples.zip(), samples.text(20)])
        for (const declared of [undefined, 'text/plain', 'application/zip'])
          await expect(judge(content, name, declared)).rejects.toMatchObject(refusal);
    await expect(judge(samples.zip(), 'a.bin', 'application/x-msdownload')).rejects.toMatchObject(refusal);
    await expect(judge(samples.jar(), 'library.zip', 'application/zip')).rejects.toMatchObject(refusal);
  });

  test('that is not allowed is refused, in words that say what it is and what is taken', async () => {
    await expect(judge(samples.noise(500))).rejects.toMatchObject(refusal);
    await expect(judge(samples.png(2, 2), 'a.png', 'image/png', ['text/plain'])).rejects.toMatchObject(refusal);
    await expect(judge(samples.text(9), 'a.txt', '', ['image/png'])).rejects.toMatchObject(refusal);
    await expect(judge(samples.docx(), 'a.docx', '', ['text/plain'])).rejects.toMatchObject(refusal);
    const gzip = Bun.gzipSync(Buffer.alloc(100));
    await expect(judge(gzip, 'a.gz')).rejects.toThrow(
      'it is a gzip archive: send it in a ZIP; taken are JPEG, PNG, GIF, WebP, PDF, text, ZIP',
    );
  });

  const refusedKinds: [string, string, string, Buffer][] = [
    ['photo.heic', 'it is an iPhone photo (HEIC)', 'save it as JPEG or send it in a ZIP', samples.mp4('heic')],
    ['photo.HEIC', 'it is an iPhone photo (HEIC)', 'save it as JPEG or send it in a ZIP', samples.mp4('mif1')],
    ['picture.avif', 'it is an AVIF picture', 'save it as JPEG or send it in a ZIP', samples.mp4('avif')],
    ['clip.mp4', 'it is a video', 'send it in a ZIP', samples.mp4('isom')],
    ['clip.mov', 'it is a video', 'send it in a ZIP', samples.mp4('qt  ')],
    ['memo.m4a', 'it is a sound recording', 'send it in a ZIP', samples.mp4('isom')],
    ['memo.m4a', 'it is a sound recording', 'send it in a ZIP', samples.mp4('M4A ')],
    ['old.doc', 'it is an older Word file (.doc)', 'save it as PDF or send it in a ZIP', samples.cfb()],
    ['old.XLS', 'it is an older Excel file (.xls)', 'save it as PDF or send it in a ZIP', samples.cfb()],
    ['old.ppt', 'it is an older PowerPoint file (.ppt)', 'save it as PDF or send it in a ZIP', samples.cfb()],
    ['secret.docx', 'it is an Office file with a password', 'save it as PDF or send it in a ZIP', samples.cfb()],
    ['mail.msg', 'it is an Outlook message', 'send it in a ZIP', samples.cfb()],
    ['unnamed', 'it is an older Office file', 'save it as PDF or send it in a ZIP', samples.cfb()],
    ['unnamed', 'it is of an unknown kind', 'send it in a ZIP', samples.noise(500)],
  ];
  test.each(refusedKinds)('that is refused, %s, is described: %s', async (name, what, remedy, content) => {
    const detail = await judge(content, name).catch((error: Error) => error.message);
    expect(detail).toStartWith(`file: ${what}`);
    expect(detail).toEndWith(`: ${remedy}; taken are JPEG, PNG, GIF, WebP, PDF, text, ZIP`);
    expect(detail).not.toContain('application/');
  });

  test('that is refused has no remedy where the remedy is not taken either', async () => {
    const onlyText = judge(samples.mp4('heic'), 'photo.heic', '', ['text/plain']);
    await expect(onlyText).rejects.toThrow('file: it is an iPhone photo (HEIC); taken are text');
  });

  test('is text where a text happens to begin like something else', async () => {
    const beginnings = [
      'BM is short for bench mark',
      'MZ',
      'ID3 tags',
      '<?xml version="1.0"?><a/>',
      'GIF is a format',
      'PK',
      'RIFF',
      'OggS',
      '%!PS-Adobe',
      '{\\rtf1',
      '#!/bin/sh\n',
      `G${'x'.repeat(187)}G`,
    ];
    for (const words of beginnings) {
      expect([words, await judge(words)]).toEqual([words, 'text/plain']);
      expect([words, await judge(Buffer.from(`${words} caf\xe9`, 'latin1'))]).toEqual([words, 'text/plain']);
    }
  });

  test('is no text in 8 bits where a binary signature begins it', async () => {
    const letters = Buffer.from('letters only');
    for (const signature of [
      [0xff, 0xd8, 0xff, 0xe0],
      [0xcf, 0xfa, 0xed, 0xfe],
      [0xca, 0xfe, 0xba, 0xbe],
    ])
      await expect(
        judge(Buffer.concat([Buffer.from(signature), letters]), 'a.txt', '', ['text/plain']),
      ).rejects.toMatchObject(refusal);
  });

  test("is the sender's word for a text that the operator allows", async () => {
    expect(await judge('a,b\n1,2\n', 'a.csv', 'text/csv', [...ALLOWED, 'text/csv'])).toBe('text/csv');
    expect(await judge('a,b\n1,2\n', 'a.csv', 'text/csv')).toBe('text/plain');
    const types = [...ALLOWED, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'];
    expect(await judge(samples.docx(), 'a.docx', '', types)).toContain('wordprocessingml');
  });

  test('is text where two letters of a code page are also the signature of another type', async () => {
    for (const start of [0xc771, 0x60ea, 0xff0a, 0xfffb, 0xfff1, 0x2521, 0x424d, 0x4d5a]) {
      const letters = [start >> 8, start & 0xff];
      const text = Buffer.concat([
        Buffer.from([...letters, 0x80]),
        Buffer.from(' and words, again and again\n'.repeat(20)),
      ]);
      expect([letters, await judge(text, 'a.txt', '')]).toEqual([letters, 'text/plain']);
      const binary = Buffer.concat([Buffer.from(letters), Buffer.alloc(600)]);
      await expect(judge(binary, 'a.txt', '')).rejects.toMatchObject({ code: 'wrong_media_type' });
    }
  });

  test('is text in every encoding', async () => {
    await fc.assert(
      fc.asyncProperty(encodedText, fc.constantFrom(...guesses), async ({ bytes }, [name, declared]) => {
        expect(await judge(bytes, name, declared)).toBe('text/plain');
      }),
      { numRuns: 500 },
    );
  });
});
