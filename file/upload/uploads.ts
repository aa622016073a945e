/** Taking a file: first its object, whole and lasting, then its row. Between the two a crash leaves an object that the sweep removes. */
import { Failure } from '@parley/kit/errors';
import { compose, type StoredFile } from '../files/rules.ts';
import type { FileStore } from '../files/store.ts';
import type { FileMetrics } from '../metrics.ts';
import { fileKey, type ObjectStore } from '../objects/store.ts';
import { openFormFile } from './form-file.ts';
import { type ReceiveLimits, receive } from './receive.ts';

export interface UploadLimits extends ReceiveLimits {
  /** At the same time. */
  readonly maxUploads: number;
}

export interface UploadsOptions {
  readonly files: FileStore;
  readonly objects: ObjectStore;
  readonly limits: UploadLimits;
  readonly metrics: FileMetrics;
}

export interface Destination {
  readonly uploadedBy: string;
  /** Empty: no room. */
  readonly roomId: string;
}

export interface Uploads {
  /**
   * Takes the one file of a multipart form.
   * @throws {Failure} `invalid_input`, `too_large`, `wrong_media_type`, `overloaded`, `storage_unavailable`
   */
  take(request: Request, destination: Destination): Promise<StoredFile>;
}

export const createUploads = ({ files, objects, limits, metrics }: UploadsOptions): Uploads => {
  let underway = 0;

  /**
   * The database may have taken the row though its answer was lost: then the object stays, and the sweep removes it if there is no
   * row. Only a row that was surely refused takes its object along.
   */
  const insert = async (file: StoredFile): Promise<void> => {
    try {
      await files.insert(file);
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'storage_unavailable'))
        await objects.remove(fileKey(file.objectId));
      throw error;
    }
  };

  const store = async (request: Request, destination: Destination): Promise<StoredFile> => {
    const form = await openFormFile(request, limits.maxFileBytes);
    const received = await receive(form, objects, limits);
    const file = compose({ ...destination, received, name: form.name }, Date.now());
    await insert(file);
    metrics.uploads.inc();
    metrics.uploadedBytes.inc(file.sizeBytes);
    return file;
  };

  const noteRefusal = (error: unknown, { signal }: Request): void => {
    const code = error instanceof Failure ? error.code : 'internal';
    metrics.refusals.inc({ reason: signal.aborted ? 'aborted' : code });
  };

  return {
    take: async (request, destination) => {
      if (underway >= limits.maxUploads) throw new Failure('overloaded');
      underway += 1;
      metrics.uploading.set(underway);
      try {
        return await store(request, destination);
      } catch (error) {
        noteRefusal(error, request);
        throw error;
      } finally {
        underway -= 1;
        metrics.uploading.set(underway);
      }
    },
  };
};
