/**
 * Bounds the work of a decoder before any pixel is decoded: refuses images that would take too much, and removes the bytes that a
 * thumbnail doesn't need. A file of a few kilobytes can keep a decoder busy for minutes, by scans that each go over all pixels or by texts
 * that decompress to gigabytes. Pure.
 */
import { firstFrameOf } from './animated-webp.ts';

const MARKER = 0xff;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const START_BYTES = 2;

/** Markers without a length: stuffing, restarts, start of image. */
const isBare = (code: number): boolean => code === 0 || code === 1 || (code >= 0xd0 && code <= 0xd8) || code === MARKER;

/** How many scans a JPEG has. By ITU T.81: segments with a length, each start of a scan followed by entropy-coded bytes. */
export const scansOf = (image: Uint8Array): number => {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.length);
  let scans = 0;
  for (let at = bytes.indexOf(MARKER, START_BYTES); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(MARKER, at)) {
    const code = bytes[at + 1] ?? 0;
    if (code === END_OF_IMAGE) break;
    if (code === START_OF_SCAN) scans += 1;
    if (code === MARKER) at += 1;
    else if (isBare(code)) at += 2;
    else at += 2 + Math.max(2, at + 3 < bytes.length ? bytes.readUInt16BE(at + 2) : 2);
  }
  return scans;
};

/** The PNG chunks that its pixels need. Others can be compressed profiles and texts, or the many frames of an animation. */
const PNG_PIXEL_CHUNKS = new Set(['IHDR', 'PLTE', 'tRNS', 'eXIf', 'IDAT', 'IEND']);
const PNG_START_BYTES = 8;
const PNG_FRAME_BYTES = 12;

const pixelsOfPng = (image: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.length);
  const kept: Buffer[] = [bytes.subarray(0, PNG_START_BYTES)];
  for (let at = PNG_START_BYTES; at + PNG_FRAME_BYTES <= bytes.length; ) {
    const end = at + PNG_FRAME_BYTES + bytes.readUInt32BE(at);
    if (PNG_PIXEL_CHUNKS.has(bytes.toString('latin1', at + 4, at + 8))) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
};

/** A progressive photo has about ten scans. Small images may have more. */
const USUAL_SCANS = 16;

/**
 * The bytes that a decoder gets for a thumbnail: those of the first frame's pixels.
 * @param pixels of the image; the limit where its size is unknown
 * @returns undefined when decoding would take more work than an ordinary image of the largest size
 */
export const decodableBytes = (
  image: Uint8Array,
  contentType: string,
  pixels: number,
  maxPixels: number,
): Uint8Array | undefined => {
  if (contentType === 'image/png') return pixelsOfPng(image);
  if (contentType === 'image/webp') return firstFrameOf(image);
  if (contentType === 'image/jpeg' && pixels * scansOf(image) > maxPixels * USUAL_SCANS) return undefined;
  return image;
};
