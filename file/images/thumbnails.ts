/**
 * Thumbnails: made when first requested and kept as objects. A few are made at a time, each image once, in a fair line in which the images
 * of one uploader get half of the places at most. For an image that can't be decoded an empty object is kept.
 */
import { Failure } from '@parley/kit/errors/failure';
import { createLine, type Line } from '@parley/kit/limits/line';
import { TimeoutError } from '@parley/kit/time/timeout';
import { errors } from '../errors.ts';
import { isImage, type StoredFile } from '../files/rules.ts';
import { fileKey, type ObjectStore, thumbnailKey } from '../objects/store.ts';
import { makeThumbnail } from './image.ts';

export interface Thumbnails {
  /**
   * The bytes of a file's thumbnail.
   * @throws {Failure} `not_found` when the file has none, `overloaded` when too many wait, `storage_unavailable`
   */
  of(file: StoredFile): Promise<Uint8Array<ArrayBuffer>>;
}

export interface ThumbnailsDeps {
  readonly objects: ObjectStore;
  readonly concurrency: number;
  readonly memoryBytes: number;
  readonly timeoutMs: number;
  readonly maxImagePixels: number;
  onMade?(outcome: 'made' | 'impossible' | 'given up'): void;
}

/** An image is read into memory whole. */
const MAX_SOURCE_BYTES = 64 * 1_024 * 1_024;
const BYTES_PER_PIXEL = 4;
/** An image that took too long is tried again only after this time, since the machine may have been busy. */
const GIVEN_UP_MS = 600_000;
const MAX_GIVEN_UP = 1_000;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const tookTooLong = (): Failure =>
  new Failure(errors.not_found, 'This image takes too long to decode: it has no thumbnail at the moment');

const openLine = (concurrency: number, capacity: number): Line =>
  createLine({
    places: concurrency,
    placesPerGroup: Math.ceil(concurrency / 2),
    placesPerOwner: Math.ceil(concurrency / 2),
    capacity,
    maxWaiting: 200,
    maxWaitingPerGroup: 50,
    maxWaitingPerOwner: 50,
    maxWaitMs: 30_000,
    retryAfterMs: 5_000,
    detail: 'Too many thumbnails are being made at the moment; ask again in some seconds',
  });

export const createThumbnails = (options: ThumbnailsDeps): Thumbnails => {
  const { objects, concurrency, memoryBytes, timeoutMs, maxImagePixels, onMade } = options;
  const line = openLine(concurrency, memoryBytes);
  const making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  /** Object ids, with the time until which they are not tried again. */
  const givenUp = new Map<string, number>();

  const giveUp = (objectId: string): void => {
    onMade?.('given up');
    givenUp.set(objectId, performance.now() + GIVEN_UP_MS);
    if (givenUp.size > MAX_GIVEN_UP) givenUp.delete(givenUp.keys().next().value ?? '');
  };

  const make = async ({ objectId, sizeBytes, contentType }: StoredFile): Promise<Uint8Array<ArrayBuffer>> => {
    const source = sizeBytes > MAX_SOURCE_BYTES ? new Uint8Array() : await objects.read(fileKey(objectId));
    if (!source) throw new Failure(errors.unknown_file, 'The bytes of this file are gone from the store');
    const thumbnail = await makeThumbnail(source, contentType, { maxPixels: maxImagePixels, timeoutMs }).catch(
      (error: unknown) => {
        if (!(error instanceof TimeoutError)) throw error;
        giveUp(objectId);
        throw tookTooLong();
      },
    );
    const bytes = new Uint8Array(thumbnail ?? []);
    await objects.put(thumbnailKey(objectId), once(bytes));
    onMade?.(thumbnail ? 'made' : 'impossible');
    return bytes;
  };

  const makeOnce = async (file: StoredFile): Promise<Uint8Array<ArrayBuffer>> => {
    const underway = making.get(file.id);
    if (underway) return underway;
    if ((givenUp.get(file.objectId) ?? 0) > performance.now()) throw tookTooLong();
    const { uploadedBy, width, height } = file;
    const pixels = width && height ? width * height : maxImagePixels;
    const ticket = { group: uploadedBy, owner: uploadedBy, weight: pixels * BYTES_PER_PIXEL };
    const made = line.run(ticket, () => make(file)).finally(() => making.delete(file.id));
    making.set(file.id, made);
    return made;
  };

  return {
    of: async (file) => {
      if (!isImage(file.contentType)) throw new Failure(errors.not_found, 'This file is no image: it has no thumbnail');
      const bytes = (await objects.read(thumbnailKey(file.objectId))) ?? (await makeOnce(file));
      if (bytes.length === 0) throw new Failure(errors.not_found, 'This image can not be decoded: it has no thumbnail');
      return bytes;
    },
  };
};
