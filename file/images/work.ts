/**
 * How much work an image is for a decoder, judged before any pixel is decoded; and only what a decoder needs of it. A file of a few
 * kilobytes can keep a decoder busy for minutes: by scans that each go over all pixels, or by texts that unpack to gigabytes. Pure.
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

/** What a PNG's pixels need. Profiles and texts may be packed, and frames of an animation are many. */
const PNG_PARTS = new Set(['IHDR', 'PLTE', 'tRNS', 'eXIf', 'IDAT', 'IEND']);
const PNG_START_BYTES = 8;
const PNG_FRAME_BYTES = 12;

const pixelsOfPng = (image: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.length);
  const kept: Buffer[] = [bytes.subarray(0, PNG_START_BYTES)];
  for (let at = PNG_START_BYTES; at + PNG_FRAME_BYTES <= bytes.length; ) {
    const end = at + PNG_FRAME_BYTES + bytes.readUInt32BE(at);
    if (PNG_PARTS.has(bytes.toString('latin1', at + 4, at + 8))) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
};

/** Scans of a progressive photo are about ten. More are fine where the pixels are few. */
const USUAL_SCANS = 16;

/**
 * What a decoder should be given for a thumbnail: the pixels of the first frame.
 * @param pixels of the image; its limit where the size is unknown
 * @returns undefined when it would be more work than a usual image of the largest size
 */
export const decodablePart = (
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
