/**
 * Animated WebP, which Bun's decoder refuses: its canvas, and its first frame as a still image. By the WebP container
 * specification: RIFF chunks, `VP8X` (flags, canvas), then one `ANMF` per frame that wraps the frame's own chunks.
 */

import type { Size } from './size.ts';

const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const CANVAS_CHUNK_BYTES = 10;
const FRAME_HEADER_BYTES = 16;
const ANIMATED = 0x02;
const ALPHA = 0x10;

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

const nameAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at, at + 4);

/** A side is stored minus one, in three bytes. */
const sizeAt = (bytes: Buffer, at: number): Size => ({
  width: bytes.readUIntLE(at, 3) + 1,
  height: bytes.readUIntLE(at + 3, 3) + 1,
});

/** The size of an animated WebP's canvas; undefined for any other image. */
export const animationOf = (head: Uint8Array): Size | undefined => {
  const bytes = bufferOf(head);
  const start = HEADER_BYTES + CHUNK_HEADER_BYTES;
  if (bytes.length < start + CANVAS_CHUNK_BYTES) return undefined;
  const isExtended = nameAt(bytes, 0) === 'RIFF' && nameAt(bytes, 8) === 'WEBP' && nameAt(bytes, 12) === 'VP8X';
  if (!isExtended || !((bytes[start] ?? 0) & ANIMATED)) return undefined;
  return sizeAt(bytes, start + 4);
};

const chunk = (name: string, content: Uint8Array): Buffer => {
  const header = Buffer.alloc(CHUNK_HEADER_BYTES);
  header.write(name, 'latin1');
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
};

const stillOf = (frame: Buffer): Uint8Array => {
  const { width, height } = sizeAt(frame, 6);
  const picture = frame.subarray(FRAME_HEADER_BYTES);
  const canvas = Buffer.alloc(CANVAS_CHUNK_BYTES);
  canvas[0] = nameAt(picture, 0) === 'VP8 ' ? 0 : ALPHA;
  canvas.writeUIntLE(width - 1, 4, 3);
  canvas.writeUIntLE(height - 1, 7, 3);
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), chunk('VP8X', canvas), picture]));
};

/** The first frame of an animated WebP as a still WebP; any other image unchanged. */
export const firstFrameOf = (image: Uint8Array): Uint8Array => {
  if (!animationOf(image)) return image;
  const bytes = bufferOf(image);
  for (let at = HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.length; ) {
    const size = bytes.readUInt32LE(at + 4);
    const content = bytes.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + size);
    if (nameAt(bytes, at) === 'ANMF' && content.length > FRAME_HEADER_BYTES) return stillOf(content);
    at += CHUNK_HEADER_BYTES + size + (size % 2);
  }
  return image;
};
