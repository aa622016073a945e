/**
 * EXIF, of which only the orientation is kept: which side of the picture is up. By the TIFF format: a byte order, and a directory of
 * entries (tag, type, count, value) of 12 bytes each. Pure.
 */

const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;
const UPRIGHT = 1;

/** The prefix of EXIF in JPEG. Some programs write it in other formats too. */
export const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1');

const withoutPrefix = (exif: Buffer): Buffer =>
  exif.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX) ? exif.subarray(EXIF_PREFIX.length) : exif;

/** 1 to 8; 1 (upright) when EXIF has none. */
export const orientationOf = (exif: Buffer): number => {
  const tiff = withoutPrefix(exif);
  const order = tiff.toString('latin1', 0, 2);
  if ((order !== 'II' && order !== 'MM') || tiff.length < 8) return UPRIGHT;
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return UPRIGHT;
  for (let index = 0; index < short(directory); index += 1) {
    const entry = directory + 2 + index * ENTRY_BYTES;
    if (entry + ENTRY_BYTES > tiff.length) return UPRIGHT;
    if (short(entry) !== ORIENTATION || short(entry + 2) !== SHORT) continue;
    const value = short(entry + 8);
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }
  return UPRIGHT;
};

/** Whether width and height are swapped: orientations from 5 on turn the picture by 90 degrees. */
export const isOnItsSide = (orientation: number): boolean => orientation >= 5;

/** EXIF with the orientation only, without a prefix; undefined for upright pictures, which need none. */
export const orientationOnly = (exif: Buffer): Buffer | undefined => {
  const orientation = orientationOf(exif);
  if (orientation === UPRIGHT) return undefined;
  const tiff = Buffer.alloc(26);
  tiff.write('II*\0', 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  tiff.writeUInt16LE(ORIENTATION, 10);
  tiff.writeUInt16LE(SHORT, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt16LE(orientation, 18);
  return tiff;
};
