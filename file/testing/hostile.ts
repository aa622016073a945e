/** Small images that mean much work: each keeps a careless decoder busy for long, or makes it take much memory. */
import { deflateSync } from 'node:zlib';
import * as samples from './samples.ts';

const segment = (code: number, content: readonly number[]): Buffer =>
  Buffer.from([0xff, code, (content.length + 2) >> 8, (content.length + 2) & 0xff, ...content]);

/** A Huffman table of one symbol, whose code is one 0 bit. */
const huffman = (table: number, symbol: number): Buffer =>
  segment(0xc4, [table, 1, ...Array.from({ length: 15 }, () => 0), symbol]);

const SIDE = 2_048;
const BLOCKS = (SIDE / 8) ** 2;
/** "The next 16,384 blocks have nothing", 14 further bits of 0. */
const END_OF_BANDS = 0xe0;

const scan = (table: number, first: number, last: number, bits: number): Buffer =>
  Buffer.concat([
    segment(0xda, [1, 1, table, first, last, 0]),
    Buffer.alloc(Math.floor(bits / 8)),
    Buffer.from(bits % 8 ? [0xff >> (bits % 8)] : []),
  ]);

/** A grey progressive JPEG of 2048 x 2048 pixels with so many scans, some twenty bytes each, that all go over the whole image. */
export const jpegOfScans = (scans: number): Buffer => {
  const size = [SIDE >> 8, SIDE & 0xff];
  const head = [
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array.from({ length: 64 }, () => 1)]),
    segment(0xc2, [8, ...size, ...size, 1, 1, 0x11, 0]),
    huffman(0x00, 0),
    huffman(0x10, END_OF_BANDS),
  ];
  const again = scan(0x00, 1, 63, (BLOCKS / 16_384) * 15);
  return Buffer.concat([
    ...head,
    scan(0x00, 0, 0, BLOCKS),
    ...Array.from({ length: scans - 1 }, () => again),
    Buffer.from([0xff, 0xd9]),
  ]);
};

const EXPANDED_BYTES = 200_000_000;
const packed = (): Buffer => deflateSync(Buffer.alloc(EXPANDED_BYTES), { level: 9 });

/** A PNG with a chunk after its header. */
const pngWith = (name: string, content: Buffer): Buffer => {
  const png = samples.png(20, 20);
  const headEnd = png.indexOf('IDAT') - 4;
  return Buffer.concat([png.subarray(0, headEnd), samples.pngChunk(name, content), png.subarray(headEnd)]);
};

/** A few hundred kilobytes that unpack to 200 MB, as a colour profile and as a text. */
export const pngWithPackedProfile = (): Buffer => pngWith('iCCP', Buffer.concat([Buffer.from('icc\0\0'), packed()]));
export const pngWithPackedText = (): Buffer => pngWith('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), packed()]));

/** 20 x 20 pixels whose rows go on for 200 MB. */
export const pngWithTooManyRows = (): Buffer => {
  const png = samples.png(20, 20);
  return Buffer.concat([
    png.subarray(0, 33),
    samples.pngChunk('IDAT', packed()),
    samples.pngChunk('IEND', Buffer.alloc(0)),
  ]);
};

/** An animated PNG of many frames, each as large as the image. */
export const pngOfFrames = (frames: number): Buffer => {
  const control = Buffer.alloc(8);
  control.writeUInt32BE(frames, 0);
  const frame = Buffer.alloc(26);
  frame.writeUInt32BE(20, 4);
  frame.writeUInt32BE(20, 8);
  const data = Buffer.concat([Buffer.alloc(4), deflateSync(Buffer.alloc(20 * 61))]);
  const parts = Array.from({ length: frames }, () => [
    samples.pngChunk('fcTL', frame),
    samples.pngChunk('fdAT', data),
  ]).flat();
  const png = pngWith('acTL', control);
  return Buffer.concat([png.subarray(0, -12), ...parts, png.subarray(-12)]);
};

/** A GIF whose canvas is one pixel and whose frame claims to be the largest there is. */
export const gifWithLargeFrame = (): Buffer => {
  const gif = Buffer.from(samples.gif());
  const frame = gif.indexOf(0x2c, 19);
  gif.writeUInt16LE(0xffff, frame + 5);
  gif.writeUInt16LE(0xffff, frame + 7);
  return gif;
};

/** An animated WebP whose canvas is small and whose first frame claims to be the largest there is. */
export const webpWithLargeFrame = async (): Promise<Buffer> => {
  const webp = Buffer.from(await samples.animatedWebp(20, 20));
  const frame = webp.indexOf('ANMF') + 8;
  webp.writeUIntLE(0xffffff, frame + 6, 3);
  webp.writeUIntLE(0xffffff, frame + 9, 3);
  return webp;
};
