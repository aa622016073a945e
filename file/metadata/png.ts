/** Removes location data from a PNG. By the PNG specification: chunks of a length, a name, content and a checksum. */
import type { ByteStream, Reader } from './byte-stream.ts';
import { orientationOnly } from './exif.ts';

const START_BYTES = 8;
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
const LONGEST_KEYWORD = 79;
/** The most that EXIF of a JPEG can have. No camera writes more. */
const MAX_EXIF_BYTES = 65_535;

const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt']);
/** Keywords of texts in which programs write EXIF, XMP and IPTC. */
const LOCATION_KEYWORDS = /^(xml:com\.adobe\.xmp|raw profile type |exif|xmp|iptc|gps|location)/i;
/** Content credentials. */
const CREDENTIALS = 'caBX';

const chunkOf = (name: string, content: Buffer): Buffer => {
  const chunk = Buffer.alloc(HEAD_BYTES + content.length + CHECKSUM_BYTES);
  chunk.writeUInt32BE(content.length, 0);
  chunk.write(name, 4, 'latin1');
  content.copy(chunk, HEAD_BYTES);
  chunk.writeUInt32BE(Bun.hash.crc32(chunk.subarray(4, HEAD_BYTES + content.length)), HEAD_BYTES + content.length);
  return chunk;
};

function* isDropped(stream: ByteStream, name: string, length: number): Reader<boolean> {
  if (name === CREDENTIALS) return true;
  if (!TEXTS.has(name)) return false;
  const end = HEAD_BYTES + Math.min(length, LONGEST_KEYWORD);
  yield* stream.fill(end);
  return LOCATION_KEYWORDS.test(stream.latin1(HEAD_BYTES, end));
}

/** Replaces an EXIF chunk by one with the orientation only. */
function* cleanExif(stream: ByteStream, length: number): Reader {
  const size = HEAD_BYTES + length + CHECKSUM_BYTES;
  if (length > MAX_EXIF_BYTES) return yield* stream.dropAll(size);
  if (!(yield* stream.fill(size))) return yield* stream.dropAll();
  const tiff = orientationOnly(stream.peek(HEAD_BYTES, HEAD_BYTES + length));
  stream.drop(size);
  if (tiff) stream.put(chunkOf('eXIf', tiff));
}

/** Also drops all bytes after the last chunk. */
export function* stripPng(stream: ByteStream): Reader {
  yield* stream.keepAll(START_BYTES);
  while (yield* stream.fill(HEAD_BYTES)) {
    const name = stream.latin1(4, HEAD_BYTES);
    const length = stream.uint32BE(0);
    const size = HEAD_BYTES + length + CHECKSUM_BYTES;
    if (name === 'eXIf') yield* cleanExif(stream, length);
    else if (yield* isDropped(stream, name, length)) yield* stream.dropAll(size);
    else yield* stream.keepAll(size);
    if (name === 'IEND') return yield* stream.dropAll();
  }
  yield* stream.keepAll();
}
