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

export class Thumbnails {
  readonly #deps: ThumbnailsDeps;
  readonly #line: Line;
  /** The thumbnails that are being made, by file id. */
  readonly #making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  /** Object ids of images that took too long, with the time (monotonic, ms) until which they are not tried again. */
  readonly #givenUp = new Map<string, number>();

  constructor(deps: ThumbnailsDeps) {
    this.#deps = deps;
    this.#line = openLine(deps.concurrency, deps.memoryBytes);
  }

  /**
   * The bytes of a file's thumbnail.
   * @throws {Failure} `not_found` when the file has none, `overloaded` when too many wait, `storage_unavailable`
   */
  async of(file: StoredFile): Promise<Uint8Array<ArrayBuffer>> {
    if (!isImage(file.contentType)) throw new Failure(errors.not_found, 'This file is no image: it has no thumbnail');
    const kept = await this.#deps.objects.read(thumbnailKey(file.objectId));
    const bytes = kept ?? (await this.#makeOnce(file));
    if (bytes.length === 0) throw new Failure(errors.not_found, 'This image can not be decoded: it has no thumbnail');
    return bytes;
  }

  async #makeOnce(file: StoredFile): Promise<Uint8Array<ArrayBuffer>> {
    const underway = this.#making.get(file.id);
    if (underway) return underway;
    if ((this.#givenUp.get(file.objectId) ?? 0) > performance.now()) throw tookTooLong();
    const { uploadedBy, width, height } = file;
    const pixels = width && height ? width * height : this.#deps.maxImagePixels;
    const ticket = { group: uploadedBy, owner: uploadedBy, weight: pixels * BYTES_PER_PIXEL };
    const made = this.#line.run(ticket, () => this.#make(file)).finally(() => this.#making.delete(file.id));
    this.#making.set(file.id, made);
    return made;
  }

  async #make(file: StoredFile): Promise<Uint8Array<ArrayBuffer>> {
    const { objects, onMade } = this.#deps;
    const { objectId, sizeBytes } = file;
    const source = sizeBytes > MAX_SOURCE_BYTES ? new Uint8Array() : await objects.read(fileKey(objectId));
    if (!source) throw new Failure(errors.unknown_file, 'The bytes of this file are gone from the store');
    const thumbnail = await this.#decode(source, file);
    const bytes = new Uint8Array(thumbnail ?? []);
    await objects.put(thumbnailKey(objectId), once(bytes));
    onMade?.(thumbnail ? 'made' : 'impossible');
    return bytes;
  }

  /** @throws {Failure} `not_found` when it takes too long */
  async #decode(source: Uint8Array, { objectId, contentType }: StoredFile): Promise<Uint8Array | undefined> {
    const { maxImagePixels: maxPixels, timeoutMs } = this.#deps;
    try {
      return await makeThumbnail(source, contentType, { maxPixels, timeoutMs });
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      this.#giveUp(objectId);
      throw tookTooLong();
    }
  }

  #giveUp(objectId: string): void {
    this.#deps.onMade?.('given up');
    this.#givenUp.set(objectId, performance.now() + GIVEN_UP_MS);
    if (this.#givenUp.size > MAX_GIVEN_UP) this.#givenUp.delete(this.#givenUp.keys().next().value ?? '');
  }
}
