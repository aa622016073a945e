/**
 * Takes out of an image what tells where it was made, while it is uploaded: others download it. Only metadata: the picture's own bytes
 * stay as they are, and so does its orientation. Bounded: at most a segment of 64 KB is held.
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

/** Runs a reader. Its output is handed on once per chunk: each piece has its cost on the way to the store. */
async function* run(stream: ByteStream, reader: Reader): AsyncGenerator<Buffer> {
  while (!reader.next().done) {
    const output = stream.takeOutput();
    if (output.length > 0) yield output;
    await stream.pull();
  }
  const output = stream.takeOutput();
  if (output.length > 0) yield output;
}

/** The same bytes without EXIF (but the orientation), XMP and IPTC; of another type the very same. */
export async function* withoutPlace(
  contentType: string,
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const strip = strippers[contentType];
  if (!strip) return yield* chunks;
  const stream = new ByteStream(chunks);
  yield* run(stream, strip(stream));
}
