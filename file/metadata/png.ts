/** PNG without what tells of its place. By the PNG specification: chunks of a length, a name, content and a checksum. */
import type { ByteStream } from './byte-stream.ts';
import { orientationOnly } from './exif.ts';

const START_BYTES = 8;
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
const LONGEST_KEYWORD = 79;
/** As much as EXIF of a JPEG can have. More is no camera's. */
const MAX_EXIF_BYTES = 65_535;

const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt']);
/** EXIF, XMP and IPTC as texts, as several programs write them. */
const PLACED = /^(xml:com\.adobe\.xmp|raw profile type |exif|xmp|iptc|gps|location)/i;
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

const isDropped = async (stream: ByteStream, name: string, length: number): Promise<boolean> => {
  if (name === CREDENTIALS) return true;
  if (!TEXTS.has(name)) return false;
  const keywordBytes = Math.min(length, LONGEST_KEYWORD);
  await stream.fill(HEAD_BYTES + keywordBytes);
  return PLACED.test(stream.held.toString('latin1', HEAD_BYTES, HEAD_BYTES + keywordBytes));
};

/** The orientation of an EXIF chunk as a chunk of its own. */
async function* cleanedExif(stream: ByteStream, length: number): AsyncGenerator<Buffer> {
  const size = HEAD_BYTES + length + CHECKSUM_BYTES;
  if (length > MAX_EXIF_BYTES) return stream.skip(size);
  if (!(await stream.fill(size))) return stream.skip();
  const tiff = orientationOnly(stream.take(size).subarray(HEAD_BYTES, HEAD_BYTES + length));
  if (tiff) yield chunkOf('eXIf', tiff);
}

/** Drops what follows the last chunk. */
export async function* stripPng(stream: ByteStream): AsyncGenerator<Buffer> {
  yield* stream.pass(START_BYTES);
  while (await stream.fill(HEAD_BYTES)) {
    const length = stream.held.readUInt32BE(0);
    const name = stream.held.toString('latin1', 4, HEAD_BYTES);
    const size = HEAD_BYTES + length + CHECKSUM_BYTES;
    if (name === 'eXIf') yield* cleanedExif(stream, length);
    else if (await isDropped(stream, name, length)) await stream.skip(size);
    else yield* stream.pass(size);
    if (name === 'IEND') return stream.skip();
  }
  yield* stream.rest();
}
