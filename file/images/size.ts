/** The size of an image as browsers show it, where Bun's decoder differs: the orientation of a PNG, the canvas of a GIF. Pure. */
import { isOnItsSide, orientationOf } from '../metadata/exif.ts';

/** The size of an image in pixels, as a browser shows it: with its EXIF orientation applied. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

const PNG_START = Buffer.from('89504e470d0a1a0a', 'hex');
const PNG_FRAME_BYTES = 12;

const isPng = (bytes: Buffer): boolean => bytes.subarray(0, PNG_START.length).equals(PNG_START);

/** The orientation in a PNG's EXIF chunk; 1, upright, for any other image. */
export const pngOrientation = (image: Uint8Array): number => {
  const bytes = bufferOf(image);
  if (!isPng(bytes)) return 1;
  for (let at = PNG_START.length; at + PNG_FRAME_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'eXIf')
      return orientationOf(bytes.subarray(at + 8, at + 8 + length));
    at += PNG_FRAME_BYTES + length;
  }
  return 1;
};

const isGif = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 3) === 'GIF' && bytes.length > 10;

/** The size of an image on a page. @param size by Bun's decoder: of a GIF that of the first frame, of a PNG before its orientation */
export const shownSize = (head: Uint8Array, size: Size): Size => {
  const bytes = bufferOf(head);
  const { width, height } = size;
  if (isGif(bytes))
    return { width: Math.max(width, bytes.readUInt16LE(6)), height: Math.max(height, bytes.readUInt16LE(8)) };
  return isOnItsSide(pngOrientation(head)) ? { width: height, height: width } : size;
};
