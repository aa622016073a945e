/**
 * Removes location data from an image while it is uploaded, since others download it. Only metadata is removed: the pixels and the
 * orientation stay. At most one segment of 64 KB is held in memory.
 */
import { ByteStream, type Reader } from './byte-stream.ts';
import { stripJpeg } from './jpeg.ts';
import { stripPng } from './png.ts';
import { stripWebp } from './webp.ts';

const strippers: Partial<Record<string, (stream: ByteStream) => Reader>> = {
  'image/jpeg': stripJpeg,
  'image/png': stripPng,
  'image/webp': stripWebp,
};

/** Runs a reader. Its output is yielded once per chunk, since every piece costs time on the way to the store. */
async function* run(stream: ByteStream, reader: Reader): AsyncGenerator<Buffer> {
  while (!reader.next().done) {
    const output = stream.takeOutput();
    if (output.length > 0) yield output;
    await stream.pull();
  }
  const output = stream.takeOutput();
  if (output.length > 0) yield output;
}

/** The bytes without EXIF (but the orientation), XMP and IPTC. Types without such metadata pass unchanged. */
export async function* withoutLocation(
  contentType: string,
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const strip = strippers[contentType];
  if (!strip) return yield* chunks;
  const stream = new ByteStream(chunks);
  yield* run(stream, strip(stream));
}
