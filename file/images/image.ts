/**
 * What is done with pictures, by the codecs that are built into Bun: no native module to install, and they are in a compiled binary
 * too. Pixels are decoded only for a thumbnail, never beyond the limit.
 */
import { Failure } from '@parley/kit/errors';
import { animationOf, firstFrameOf } from './animated-webp.ts';

/** As shown: with its EXIF orientation applied. In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The longer side of a thumbnail, in pixels. */
export const THUMBNAIL_PIXELS = 480;
const THUMBNAIL_QUALITY = 80;
export const THUMBNAIL_TYPE = 'image/webp';

const MEASURABLE = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

export const isImage = (contentType: string): boolean => MEASURABLE.has(contentType);

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

const isTooManyPixels = (error: unknown): boolean => codeOf(error) === 'ERR_IMAGE_TOO_MANY_PIXELS';

const tooManyPixels = (maxPixels: number, size?: Size): Failure => {
  const claimed = size ? `${size.width} x ${size.height} pixels` : 'far too many pixels';
  return new Failure('invalid_input', `file: the image has ${claimed}; at most ${maxPixels} in all are taken`);
};

/**
 * An image's size, by the header in its first bytes; undefined when they don't tell.
 * @throws {Failure} `invalid_input` when it has more pixels than allowed
 */
export const measure = async (head: Uint8Array, maxPixels: number): Promise<Size | undefined> => {
  const size = animationOf(head) ?? (await readSize(head, maxPixels));
  if (size && size.width * size.height > maxPixels) throw tooManyPixels(maxPixels, size);
  return size;
};

const readSize = async (head: Uint8Array, maxPixels: number): Promise<Size | undefined> => {
  try {
    const { width, height } = await new Bun.Image(head).metadata();
    return { width, height };
  } catch (error) {
    if (isTooManyPixels(error)) throw tooManyPixels(maxPixels);
    if (codeOf(error).startsWith('ERR_IMAGE')) return undefined;
    throw error;
  }
};

/**
 * A WebP of at most 480 x 480 pixels, upright, of the first frame, with nothing in it but the picture: no place, no camera.
 * @returns undefined when the image can't be decoded, or has too many pixels
 */
export const makeThumbnail = async (image: Uint8Array, maxPixels: number): Promise<Uint8Array | undefined> => {
  try {
    return await new Bun.Image(firstFrameOf(image), { maxPixels })
      .resize(THUMBNAIL_PIXELS, THUMBNAIL_PIXELS, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: THUMBNAIL_QUALITY })
      .bytes();
  } catch (error) {
    if (codeOf(error).startsWith('ERR_IMAGE')) return undefined;
    throw error;
  }
};
