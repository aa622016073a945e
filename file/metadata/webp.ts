/**
 * Removes location data from a WebP. By its container specification: RIFF, a size, `WEBP`, and chunks of a name, a size and content. The
 * total size comes first and is already sent, so chunks are overwritten instead of left out.
 */
import type { ByteStream, Reader } from './byte-stream.ts';
import { orientationOnly } from './exif.ts';

const START_BYTES = 12;
const HEAD_BYTES = 8;
const MAX_EXIF_BYTES = 65_535;
const BLANKED = new Set(['EXIF', 'XMP ', 'C2PA']);

function* blank(stream: ByteStream, count: number, byte: number): Reader {
  for (let left = count; left > 0 && (yield* stream.fill(1)); ) {
    const size = Math.min(left, stream.available);
    stream.drop(size);
    stream.put(Buffer.alloc(size, byte));
    left -= size;
  }
}

/** Overwrites an EXIF chunk by the orientation, where it fits, and zeros. */
function* cleanExif(stream: ByteStream, length: number): Reader {
  yield* stream.fill(Math.min(length, MAX_EXIF_BYTES));
  const exif = stream.peek(0, Math.min(length, MAX_EXIF_BYTES, stream.available));
  const tiff = orientationOnly(exif);
  if (!tiff || tiff.length > exif.length) return yield* blank(stream, length, 0);
  stream.drop(tiff.length);
  stream.put(tiff);
  yield* blank(stream, length - tiff.length, 0);
}

/** Also drops all bytes after the container. */
export function* stripWebp(stream: ByteStream): Reader {
  if (!(yield* stream.fill(START_BYTES))) return yield* stream.keepAll();
  let left = stream.uint32LE(4) - (START_BYTES - HEAD_BYTES);
  stream.keep(START_BYTES);
  while (left > 0 && (yield* stream.fill(HEAD_BYTES))) {
    const name = stream.latin1(0, 4);
    const length = stream.uint32LE(4);
    const padding = length % 2;
    stream.keep(HEAD_BYTES);
    if (name === 'EXIF') yield* cleanExif(stream, length);
    else if (BLANKED.has(name)) yield* blank(stream, length, 0x20);
    else yield* stream.keepAll(length);
    yield* stream.keepAll(padding);
    left -= HEAD_BYTES + length + padding;
  }
  if (left > 0) yield* stream.keepAll();
  else yield* stream.dropAll();
}
