/**
 * What is known of a picture by its header, read by the codecs that are built into Bun: no native module to install, and they are in a
 * compiled binary too. Pixels are decoded only for a thumbnail, by a process of its own (`decoder.ts`).
 */
import { Failure } from '@parley/kit/errors/failure';
import { errors } from '../errors.ts';
import { animationOf } from './animated-webp.ts';
import { type DecoderOptions, decodeThumbnail } from './decoder.ts';
import { pngOrientation, type Size, shownSize } from './size.ts';
import { decodablePart } from './work.ts';

export const THUMBNAIL_TYPE = 'image/webp';

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '');

const isTooManyPixels = (error: unknown): boolean => codeOf(error) === 'ERR_IMAGE_TOO_MANY_PIXELS';

const tooManyPixels = (maxPixels: number, size?: Size): Failure => {
  const claimed = size ? `${size.width} x ${size.height} pixels` : 'far too many pixels';
  return new Failure(errors.invalid_input, `file: the image has ${claimed}; at most ${maxPixels} in all are taken`);
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
    return shownSize(head, { width, height });
  } catch (error) {
    if (isTooManyPixels(error)) throw tooManyPixels(maxPixels);
    if (codeOf(error).startsWith('ERR_IMAGE')) return undefined;
    throw error;
  }
};

/**
 * The thumbnail of an image that is worth the work.
 * @returns undefined when it can't be decoded, or is too much work by its bytes
 * @throws {TimeoutError} when it takes too long
 */
export const makeThumbnail = async (
  image: Uint8Array,
  contentType: string,
  options: DecoderOptions,
): Promise<Uint8Array | undefined> => {
  const size = await measure(image, options.maxPixels).catch(ifTooLarge);
  if (size === 'too large') return undefined;
  const pixels = size ? size.width * size.height : options.maxPixels;
  const part = decodablePart(image, contentType, pixels, options.maxPixels);
  return part && decodeThumbnail(part, options, pngOrientation(image));
};

const ifTooLarge = (error: unknown): 'too large' => {
  if (error instanceof Failure && error.is(errors.invalid_input)) return 'too large';
  throw error;
};
