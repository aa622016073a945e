import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { measure } from '../images/image.ts';
import * as samples from '../testing/samples.ts';
import { orientationOf, orientationOnly } from './exif.ts';
import { withoutLocation } from './strip.ts';

const PLACE = 'N 52.5163 E 13.3777';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

const strippedPieces = async (type: string, bytes: Uint8Array, chunkBytes: number): Promise<Uint8Array[]> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of withoutLocation(type, inChunks(bytes, chunkBytes))) pieces.push(piece);
  return pieces;
};

const stripped = async (type: string, bytes: Uint8Array, chunkBytes = 65_536): Promise<Buffer> =>
  Buffer.concat(await strippedPieces(type, bytes, chunkBytes));

const sizeOf = (image: Uint8Array) => measure(image, 1_000_000);

const segment = (code: number, text: string): Buffer => {
  const content = Buffer.from(text, 'latin1');
  return Buffer.concat([Buffer.from([0xff, code, (content.length + 2) >> 8, (content.length + 2) & 0xff]), content]);
};

const insert = (into: Buffer, at: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([into.subarray(0, at), ...parts, into.subarray(at)]);

const PNG_HEAD_END = 33;

/** EXIF with an orientation and a place, as TIFF. */
const tiff = async (orientation: number): Promise<Buffer> => {
  const jpeg = await samples.jpegWithExif(20, 10, orientation, PLACE);
  const length = jpeg.readUInt16BE(4);
  return jpeg.subarray(12, 4 + length);
};

const placedJpeg = async (orientation = 6): Promise<Buffer> => {
  const photo = await samples.jpegWithExif(20, 10, orientation, PLACE);
  const xmp = segment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${PLACE}</x:xmpmeta>`);
  const extended = segment(0xe1, `http://ns.adobe.com/xmp/extension/\0${PLACE}`);
  const iptc = segment(0xed, `Photoshop 3.0\x008BIM${PLACE}`);
  const credentials = segment(0xeb, `JP\0\x01${PLACE}`);
  const video = Buffer.from(`....ftypmp42....(c)xyz${PLACE}`);
  return Buffer.concat([insert(photo, 2, xmp, extended, iptc, credentials), video]);
};

const placedPng = async (orientation = 6): Promise<Buffer> => {
  const chunks = [
    samples.pngChunk('eXIf', await tiff(orientation)),
    samples.pngChunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0<x>${PLACE}</x>`)),
    samples.pngChunk('tEXt', Buffer.from(`Raw profile type exif\0${PLACE}`)),
    samples.pngChunk('tEXt', Buffer.from(`exif:GPSLatitude\0${PLACE}`)),
    samples.pngChunk('tEXt', Buffer.from('Title\0A quiet street')),
  ];
  return Buffer.concat([insert(samples.png(20, 10), PNG_HEAD_END, ...chunks), Buffer.from(PLACE)]);
};

const placedWebp = async (): Promise<Buffer> => {
  const picture = (await samples.webp(20, 10)).subarray(12);
  const canvas = Buffer.from([0x0c, 0, 0, 0, 19, 0, 0, 9, 0, 0]);
  const exif = samples.riffChunk('EXIF', await tiff(6));
  const xmp = samples.riffChunk('XMP ', Buffer.from(`<x>${PLACE}</x>`));
  const content = [Buffer.from('WEBP'), samples.riffChunk('VP8X', canvas), picture, exif, xmp];
  return Buffer.concat([samples.riffChunk('RIFF', Buffer.concat(content)), Buffer.from(PLACE)]);
};

const placed: [string, () => Promise<Buffer>][] = [
  ['image/jpeg', placedJpeg],
  ['image/png', placedPng],
  ['image/webp', placedWebp],
];

describe('an image', () => {
  for (const [type, make] of placed) {
    test(`of ${type} says no more where it was made, and shows the same`, async () => {
      const image = await make();
      expect(image.includes(PLACE)).toBeTrue();
      const clean = await stripped(type, image);
      expect(clean.includes(PLACE)).toBeFalse();
      expect(await sizeOf(clean)).toEqual(await sizeOf(image));
      const pixels = (bytes: Buffer) => new Bun.Image(bytes).png().bytes();
      expect(await pixels(clean)).toEqual(await pixels(image));
      // Stripping what is stripped changes nothing.
      expect((await stripped(type, clean)).equals(clean)).toBeTrue();
    });

    test(`of ${type} is the same however it is cut into chunks`, async () => {
      const image = await make();
      const whole = await stripped(type, image);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (size) => {
          expect((await stripped(type, image, size)).equals(whole)).toBeTrue();
        }),
        { numRuns: 20 },
      );
    });

    test(`of ${type} that is damaged at any byte passes, and never grows`, async () => {
      const image = await make();
      const damage = fc.record({
        at: fc.nat(image.length - 1),
        byte: fc.nat(255),
        cutAt: fc.integer({ min: 1, max: image.length }),
      });
      await fc.assert(
        fc.asyncProperty(damage, async ({ at, byte, cutAt }) => {
          const bytes = Buffer.from(image);
          bytes[at] = byte;
          expect((await stripped(type, bytes.subarray(0, cutAt), 50)).length).toBeLessThanOrEqual(cutAt);
        }),
        { numRuns: 300 },
      );
    });
  }

  test('keeps its orientation, all eight of them, and its title', async () => {
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      const isTurned = orientation >= 5;
      const shown = isTurned ? { width: 10, height: 20 } : { width: 20, height: 10 };
      expect(await sizeOf(await stripped('image/jpeg', await placedJpeg(orientation)))).toEqual(shown);
      const png = await stripped('image/png', await placedPng(orientation));
      expect(await sizeOf(png)).toEqual(shown);
      expect(png.includes('A quiet street')).toBeTrue();
      expect(orientationOf(orientationOnly(await tiff(orientation)) ?? Buffer.alloc(0))).toBe(orientation);
    }
    const webp = await stripped('image/webp', await placedWebp());
    expect(orientationOf(webp.subarray(webp.indexOf('EXIF') + 8))).toBe(6);
  });

  test('without anything to take out, and any other file, stays byte for byte', async () => {
    const files: [string, Buffer][] = [
      ['image/jpeg', await samples.jpeg(200, 100)],
      ['image/png', samples.png(30, 20)],
      ['image/webp', await samples.webp(30, 20)],
      ['image/webp', await samples.animatedWebp(30, 20)],
      ['image/gif', samples.gif(3)],
      ['text/plain', Buffer.from(`Exif ${PLACE}`)],
      ['application/pdf', samples.pdf()],
    ];
    for (const [type, bytes] of files) expect((await stripped(type, bytes, 17)).equals(bytes)).toBeTrue();
  });

  const REPEATS = 20_000;
  const head: Record<string, Buffer> = {
    'image/jpeg': Buffer.from([0xff, 0xd8]),
    'image/png': samples.png(1, 1).subarray(0, 8),
    'image/webp': Buffer.from('RIFF\xff\xff\xff\x7fWEBP', 'latin1'),
  };
  const smallParts: [string, string, Buffer][] = [
    ['fill bytes', 'image/jpeg', Buffer.from([0xff])],
    ['restarts', 'image/jpeg', Buffer.from([0xff, 0xd0])],
    ['empty segments', 'image/jpeg', Buffer.from([0xff, 0xe5, 0, 2])],
    ['empty scans of stuffed bytes', 'image/jpeg', Buffer.from([0xff, 0xda, 0, 2, 0xff, 0])],
    ['segments that are dropped and kept by turns', 'image/jpeg', Buffer.from([0xff, 0xed, 0, 2, 0xff, 0xe5, 0, 2])],
    ['empty chunks', 'image/png', samples.pngChunk('abCd', Buffer.alloc(0))],
    ['empty chunks', 'image/webp', samples.riffChunk('abcd', Buffer.alloc(0))],
    ['empty EXIF chunks', 'image/webp', samples.riffChunk('EXIF', Buffer.alloc(0))],
  ];
  test.each(smallParts)(
    'of many %s (%s) goes to the store in no more pieces than it came in',
    async (_, type, part) => {
      const image = Buffer.concat([head[type] ?? Buffer.alloc(0), Buffer.alloc(REPEATS * part.length, part)]);
      const pieces = await strippedPieces(type, image, 10_000);
      expect(pieces.length).toBeLessThanOrEqual(Math.ceil(image.length / 10_000) + 1);
      expect(Buffer.concat(pieces).length).toBeGreaterThan(REPEATS * part.length * 0.4);
    },
  );
});
