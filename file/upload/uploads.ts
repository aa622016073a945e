/** Accepts uploads: stores the object completely, then inserts the row. A crash in between leaves an object that the sweep removes. */
import { Failure } from '@parley/kit/errors/failure';
import { createLine, type Line } from '@parley/kit/limits/line';
import { errors } from '../errors.ts';
import { newFile, type StoredFile } from '../files/rules.ts';
import type { FileStore } from '../files/store.ts';
import type { FileMetrics } from '../metrics.ts';
import { fileKey, type ObjectStore } from '../objects/store.ts';
import { openFormFile } from './form-file.ts';
import { type ReceiveLimits, receive } from './receive.ts';

export interface UploadLimits extends ReceiveLimits {
  /** Uploads at the same time. */
  readonly maxUploads: number;
  readonly maxUploadsWaiting: number;
  readonly uploadMemoryBytes: number;
  readonly uploadMinBytesPerS: number;
  readonly uploadTimeoutMs: number;
}

export interface UploadsDeps {
  readonly files: FileStore;
  readonly objects: ObjectStore;
  readonly limits: UploadLimits;
  readonly metrics: FileMetrics;
}

export interface Destination {
  readonly uploadedBy: string;
  /** Empty for no room. */
  readonly roomId: string;
}

/** The most memory that one upload takes: chunks, a part of 5 MiB, and its copies on the way to the store. */
const MOST_MEMORY_BYTES = 20 * 1_024 * 1_024;
const COPIES = 4;
const GRACE_MS = 10_000;
const GONE = 'body: the connection ended before it was whole';

/** The memory to reserve for an upload, by its Content-Length; the maximum without one. */
const memoryOf = ({ headers }: Request): number => {
  const stated = headers.get('content-length');
  return stated === null ? MOST_MEMORY_BYTES : Math.min(MOST_MEMORY_BYTES, COPIES * Number(stated));
};

const openLine = ({ maxUploads, maxUploadsWaiting, uploadMemoryBytes }: UploadLimits, metrics: FileMetrics): Line =>
  createLine({
    places: maxUploads,
    placesPerGroup: Math.ceil(maxUploads / 2),
    placesPerOwner: Math.ceil(maxUploads / 4),
    capacity: uploadMemoryBytes,
    maxWaiting: maxUploadsWaiting,
    maxWaitingPerGroup: Math.ceil(maxUploadsWaiting / 2),
    maxWaitingPerOwner: Math.ceil(maxUploadsWaiting / 8),
    maxWaitMs: 30_000,
    retryAfterMs: 5_000,
    detail: 'Too many files are on their way at the moment; send this one again in some seconds',
    onChange: (running, waiting) => {
      metrics.uploading.set(running);
      metrics.uploadsWaiting.set(waiting);
    },
  });

export class Uploads {
  readonly #deps: UploadsDeps;
  readonly #line: Line;

  constructor(deps: UploadsDeps) {
    this.#deps = deps;
    this.#line = openLine(deps.limits, deps.metrics);
  }

  /**
   * Stores the one file of a multipart form. It waits for its turn first, and reads nothing of the body until then.
   * @throws {Failure} `invalid_input`, `too_large`, `too_slow`, `wrong_media_type`, `overloaded`, `storage_unavailable`
   */
  async take(request: Request, destination: Destination, address: string): Promise<StoredFile> {
    const { signal } = request;
    const ticket = { group: address, owner: destination.uploadedBy, weight: memoryOf(request), signal };
    try {
      return await this.#line.run(ticket, () => this.#store(request, destination));
    } catch (error) {
      this.#countRefusal(error, request);
      if (signal.aborted && !(error instanceof Failure))
        throw new Failure(errors.invalid_input, GONE, { cause: error });
      throw error;
    }
  }

  async #store(request: Request, destination: Destination): Promise<StoredFile> {
    const { objects, limits, metrics } = this.#deps;
    const { maxFileBytes, uploadMinBytesPerS: minBytesPerS, uploadTimeoutMs: timeoutMs } = limits;
    const form = await openFormFile(request, maxFileBytes, { minBytesPerS, graceMs: GRACE_MS, timeoutMs });
    const received = await receive(form, objects, limits);
    const file = newFile({ ...destination, received, name: form.name }, Date.now());
    await this.#insert(file);
    metrics.uploads.inc();
    metrics.uploadedBytes.inc(file.sizeBytes);
    return file;
  }

  /**
   * Inserts the row. When the database surely refused it, the object is removed. When the database was away, the row may have been
   * inserted although the answer was lost: then the object stays, and the sweep removes it if there is no row.
   */
  async #insert(file: StoredFile): Promise<void> {
    const { files, objects } = this.#deps;
    try {
      await files.insert(file);
    } catch (error) {
      if (!(error instanceof Failure && error.is(errors.storage_unavailable)))
        await objects.remove(fileKey(file.objectId));
      throw error;
    }
  }

  #countRefusal(error: unknown, { signal }: Request): void {
    const code = error instanceof Failure ? error.code : 'internal';
    this.#deps.metrics.refusals.inc({ reason: signal.aborted ? 'aborted' : code });
  }
}
