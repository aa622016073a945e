/** JPEG without what tells of its place. By ITU T.81: segments (FF, a code, a length), entropy-coded bytes after each start of scan. */
import type { ByteStream } from './byte-stream.ts';
import { EXIF_PREFIX, orientationOnly } from './exif.ts';

const MARKER = 0xff;
const START = 0xd8;
const END = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;

/** Markers without a length: TEM, restarts, starts. */
const isBare = (code: number): boolean => code === 1 || (code >= 0xd0 && code <= START);

/** XMP, Photoshop's (with IPTC: city, country), pictures behind the end, and content credentials. */
const DROPPED: [number, string][] = [
  [APP1, 'http://ns.adobe.com/'],
  [0xe2, 'MPF\0'],
  [0xeb, 'JP'],
  [0xed, ''],
];

const isDropped = (code: number, content: Buffer): boolean =>
  DROPPED.some(([of, start]) => code === of && content.toString('latin1', 0, start.length) === start);

const exifSegment = (tiff: Buffer): Buffer => {
  const length = EXIF_PREFIX.length + tiff.length + 2;
  return Buffer.concat([Buffer.from([MARKER, APP1, length >> 8, length & 0xff]), EXIF_PREFIX, tiff]);
};

/** @param segment with marker and length */
const cleaned = (segment: Buffer): Buffer | undefined => {
  const [, code = 0] = segment;
  const content = segment.subarray(4);
  if (code === APP1 && content.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX)) {
    const tiff = orientationOnly(content);
    return tiff && exifSegment(tiff);
  }
  return isDropped(code, content) ? undefined : segment;
};

/** The bytes up to the next marker that isn't a restart. */
async function* entropyCoded(stream: ByteStream): AsyncGenerator<Buffer> {
  while (await stream.fill(1)) {
    const at = stream.held.indexOf(MARKER);
    if (at !== 0) {
      yield stream.take(at < 0 ? stream.held.length : at);
      continue;
    }
    if (!(await stream.fill(2))) return;
    const code = stream.held[1] ?? 0;
    if (code !== 0 && !(code >= 0xd0 && code <= 0xd7)) return;
    yield stream.take(2);
  }
}

/** Drops what follows the end of the image: cameras put further pictures and videos there, each with its place. */
export async function* stripJpeg(stream: ByteStream): AsyncGenerator<Buffer> {
  while (await stream.fill(2)) {
    const [first, code = 0] = stream.held;
    if (first !== MARKER) break;
    if (code === MARKER) {
      yield stream.take(1);
    } else if (code === END) {
      yield stream.take(2);
      return stream.skip();
    } else if (isBare(code)) {
      yield stream.take(2);
    } else {
      if (!(await stream.fill(4))) break;
      const length = 2 + stream.held.readUInt16BE(2);
      if (length < 4 || !(await stream.fill(length))) break;
      const segment = cleaned(stream.take(length));
      if (segment) yield segment;
      if (code === START_OF_SCAN) yield* entropyCoded(stream);
    }
  }
  // No JPEG from here on: there is nothing to know of it.
  yield* stream.rest();
}
