/**
 * Thumbnails: made when first asked for, kept as objects. A few are made at a time, each image once; an image that can't be
 * decoded is remembered by an empty object.
 */
import { Failure } from '@parley/kit/errors';
import type { StoredFile } from '../files/rules.ts';
import { fileKey, type ObjectStore, thumbnailKey } from '../objects/store.ts';
import { isImage, makeThumbnail } from './image.ts';

export interface Thumbnails {
  /**
   * The bytes of a file's thumbnail.
   * @throws {Failure} `not_found` when the file has none, `overloaded` when too many wait, `storage_unavailable`
   */
  of(file: StoredFile): Promise<Uint8Array<ArrayBuffer>>;
}

export interface ThumbnailOptions {
  readonly objects: ObjectStore;
  readonly concurrency: number;
  readonly maxImagePixels: number;
  onMade?(outcome: 'made' | 'impossible'): void;
}

/** An image is read into memory whole. */
const MAX_SOURCE_BYTES = 64 * 1_024 * 1_024;
const MAX_WAITING = 200;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Runs so many at a time; the others wait in line. */
const createLine = (concurrency: number) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting.length >= MAX_WAITING) throw new Failure('overloaded');
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // Whoever is next takes this one's place.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
};

export const createThumbnails = ({ objects, concurrency, maxImagePixels, onMade }: ThumbnailOptions): Thumbnails => {
  const inLine = createLine(concurrency);
  const making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

  const make = async ({ objectId, sizeBytes }: StoredFile): Promise<Uint8Array<ArrayBuffer>> => {
    const source = sizeBytes > MAX_SOURCE_BYTES ? new Uint8Array() : await objects.read(fileKey(objectId));
    if (!source) throw new Failure('unknown_file', 'The bytes of this file are gone from the store');
    const thumbnail = await makeThumbnail(source, maxImagePixels);
    const bytes = new Uint8Array(thumbnail ?? []);
    await objects.put(thumbnailKey(objectId), once(bytes));
    onMade?.(thumbnail ? 'made' : 'impossible');
    return bytes;
  };

  const makeOnce = (file: StoredFile): Promise<Uint8Array<ArrayBuffer>> => {
    const underway = making.get(file.id);
    if (underway) return underway;
    const made = inLine(() => make(file)).finally(() => making.delete(file.id));
    making.set(file.id, made);
    return made;
  };

  return {
    of: async (file) => {
      if (!isImage(file.contentType)) throw new Failure('not_found', 'This file is no image: it has no thumbnail');
      const bytes = (await objects.read(thumbnailKey(file.objectId))) ?? (await makeOnce(file));
      if (bytes.length === 0) throw new Failure('not_found', 'This image can not be decoded: it has no thumbnail');
      return bytes;
    },
  };
};
