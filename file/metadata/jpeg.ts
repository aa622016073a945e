/** Removes location data from a JPEG. By ITU T.81: segments (FF, a code, a length), entropy-coded bytes after each start of scan. */
import type { ByteStream, Reader } from './byte-stream.ts';
import { EXIF_PREFIX, orientationOnly } from './exif.ts';

const MARKER = 0xff;
const START = 0xd8;
const END = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;

/** Markers without a length: TEM, restarts, start of image. */
const isBare = (code: number): boolean => code === 1 || (code >= 0xd0 && code <= START);

/** Segments by code and by how they begin: XMP, the index of pictures after the end, content credentials, Photoshop's (with IPTC: city, country). */
const DROPPED: ReadonlyMap<number, string> = new Map([
  [APP1, 'http://ns.adobe.com/'],
  [0xe2, 'MPF\0'],
  [0xeb, 'JP'],
  [0xed, ''],
]);
/** Marker and length. */
const SEGMENT_HEAD_BYTES = 4;

const exifSegment = (tiff: Buffer): Buffer => {
  const length = EXIF_PREFIX.length + tiff.length + 2;
  return Buffer.concat([Buffer.from([MARKER, APP1, length >> 8, length & 0xff]), EXIF_PREFIX, tiff]);
};

const startsWith = (stream: ByteStream, length: number, start: string): boolean =>
  stream.latin1(SEGMENT_HEAD_BYTES, Math.min(length, SEGMENT_HEAD_BYTES + start.length)) === start;

/** Keeps, drops or cleans the next segment. @param length of it, with its marker; so many bytes must be available */
const cleanSegment = (stream: ByteStream, code: number, length: number): void => {
  const dropped = DROPPED.get(code);
  if (code === APP1 && startsWith(stream, length, EXIF_PREFIX.toString('latin1'))) {
    const tiff = orientationOnly(stream.peek(SEGMENT_HEAD_BYTES, length));
    stream.drop(length);
    if (tiff) stream.put(exifSegment(tiff));
  } else if (dropped !== undefined && startsWith(stream, length, dropped)) {
    stream.drop(length);
  } else {
    stream.keep(length);
  }
};

const isRestart = (code: number): boolean => code >= 0xd0 && code <= 0xd7;

/** The number of bytes before the next marker that isn't a restart. A marker's first byte at the end of the chunk is not counted yet. */
const entropyCodedBytes = (stream: ByteStream): number => {
  let at = stream.indexOf(MARKER);
  while (at >= 0 && at + 1 < stream.available) {
    const code = stream.byte(at + 1);
    if (code !== 0 && !isRestart(code)) break;
    at = stream.indexOf(MARKER, at + 2);
  }
  return at < 0 ? stream.available : at;
};

/** Keeps the bytes up to the next marker that isn't a restart. */
function* keepEntropyCoded(stream: ByteStream): Reader {
  while (yield* stream.fill(2)) {
    const count = entropyCodedBytes(stream);
    if (count === 0) return;
    stream.keep(count);
  }
}

/** Also drops all bytes after the end of the image: cameras append pictures and videos there, with location data of their own. */
export function* stripJpeg(stream: ByteStream): Reader {
  while (stream.available >= SEGMENT_HEAD_BYTES || (yield* stream.fill(2))) {
    const code = stream.byte(1);
    if (stream.byte(0) !== MARKER) break;
    if (code === MARKER) {
      stream.keep(1);
    } else if (code === END) {
      stream.keep(2);
      return yield* stream.dropAll();
    } else if (isBare(code)) {
      stream.keep(2);
    } else {
      if (!(yield* stream.fill(SEGMENT_HEAD_BYTES))) break;
      const length = 2 + stream.uint16BE(2);
      if (length < SEGMENT_HEAD_BYTES || !(yield* stream.fill(length))) break;
      cleanSegment(stream, code, length);
      if (code === START_OF_SCAN) yield* keepEntropyCoded(stream);
    }
  }
  // The rest is no valid JPEG: keep it unchanged.
  yield* stream.keepAll();
}
