/**
 * The size of an image by its header, and its thumbnail. The codecs are Bun's own, so that no native module is installed and a compiled
 * binary has them. Pixels are decoded only for a thumbnail, in a process of its own (`decoder.ts`).
 */
import { Failure } from '@parley/kit/errors/failure';
import { errors } from '../errors.ts';
import { animationOf } from './animated-webp.ts';
import { type DecoderLimits, decodeThumbnail } from './decoder.ts';
import { pngOrientation, type Size, shownSize } from './size.ts';
import { decodableBytes } from './work.ts';

export const THUMBNAIL_TYPE = 'image/webp';

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

const isTooManyPixels = (error: unknown): boolean => codeOf(error) === 'ERR_IMAGE_TOO_MANY_PIXELS';

const tooManyPixels = (maxPixels: number, size?: Size): Failure => {
  const claimed = size ? `${size.width} x ${size.height} pixels` : 'far too many pixels';
  return new Failure(errors.invalid_input, `file: the image has ${claimed}; at most ${maxPixels} in all are taken`);
};

/**
 * An image's size by the header in its first bytes; undefined when there is none.
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
    return shownSize(head, { width, height });
  } catch (error) {
    if (isTooManyPixels(error)) throw tooManyPixels(maxPixels);
    if (codeOf(error).startsWith('ERR_IMAGE')) return undefined;
    throw error;
  }
};

/**
 * The thumbnail of an image.
 * @returns undefined when it can't be decoded, or when decoding would take too much work
 * @throws {TimeoutError} when it takes too long
 */
export const makeThumbnail = async (
  image: Uint8Array,
  contentType: string,
  limits: DecoderLimits,
): Promise<Uint8Array | undefined> => {
  const size = await measure(image, limits.maxPixels).catch(ifTooLarge);
  if (size === 'too large') return undefined;
  const pixels = size ? size.width * size.height : limits.maxPixels;
  const decodable = decodableBytes(image, contentType, pixels, limits.maxPixels);
  return decodable && decodeThumbnail(decodable, limits, pngOrientation(image));
};

const ifTooLarge = (error: unknown): 'too large' => {
  if (error instanceof Failure && error.is(errors.invalid_input)) return 'too large';
  throw error;
};
