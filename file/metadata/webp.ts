/**
 * WebP without what tells of its place. By its container specification: RIFF, a size, `WEBP`, and chunks of a name, a size and content.
 * The size comes first, so nothing is taken out: what must go is overwritten.
 */
import type { ByteStream } from './byte-stream.ts';
import { orientationOnly } from './exif.ts';

const START_BYTES = 12;
const HEAD_BYTES = 8;
const MAX_EXIF_BYTES = 65_535;
const BLANKED = new Set(['EXIF', 'XMP ', 'C2PA']);

async function* blank(stream: ByteStream, count: number, byte: number): AsyncGenerator<Buffer> {
  for await (const piece of stream.pass(count)) yield Buffer.alloc(piece.length, byte);
}

/** The orientation, and zeros for the rest. A chunk too small for it has none. */
async function* cleanedExif(stream: ByteStream, length: number): AsyncGenerator<Buffer> {
  await stream.fill(Math.min(length, MAX_EXIF_BYTES));
  const tiff = orientationOnly(stream.held.subarray(0, Math.min(length, MAX_EXIF_BYTES))) ?? Buffer.alloc(0);
  const kept = tiff.length <= Math.min(length, stream.held.length) ? tiff : Buffer.alloc(0);
  stream.take(kept.length);
  if (kept.length > 0) yield kept;
  yield* blank(stream, length - kept.length, 0);
}

/** Drops what follows the container. */
export async function* stripWebp(stream: ByteStream): AsyncGenerator<Buffer> {
  if (!(await stream.fill(START_BYTES))) return yield* stream.rest();
  let left = stream.held.readUInt32LE(4) - (START_BYTES - HEAD_BYTES);
  yield stream.take(START_BYTES);
  while (left > 0 && (await stream.fill(HEAD_BYTES))) {
    const name = stream.held.toString('latin1', 0, 4);
    const length = stream.held.readUInt32LE(4);
    const padding = length % 2;
    yield stream.take(HEAD_BYTES);
    if (name === 'EXIF') yield* cleanedExif(stream, length);
    else if (BLANKED.has(name)) yield* blank(stream, length, 0x20);
    else yield* stream.pass(length);
    yield* stream.pass(padding);
    left -= HEAD_BYTES + length + padding;
  }
  if (left > 0) yield* stream.rest();
  else await stream.skip();
}
