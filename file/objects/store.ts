/**
 * The object store: immutable bytes by key. Backends: S3 and whatever speaks it (MinIO), and a folder for one process; one contract
 * test holds for both. Every method throws `storage_unavailable` when the backend is away, within its timeout.
 */
import type { StoreState } from '@parley/kit/process/health';

/** A part of an object, in bytes from 0; `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A `Blob` names a file on disk, which the server sends without reading it into memory. */
export type ObjectBody = Blob | ReadableStream<Uint8Array>;

export interface StoredObject {
  readonly key: string;
  readonly modifiedAt: Date;
}

export interface ObjectStore {
  /**
   * Stores the chunks as one object. It is there when the promise resolves, whole and lasting; when the chunks or the backend
   * fail, the promise rejects and nothing is left of it. Reads no faster than it stores, and holds at most a part of 5 MiB.
   */
  put(key: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** The bytes of a range; undefined when there is no such object. A failure later on is the stream's. */
  open(key: string, range: ByteRange): Promise<ObjectBody | undefined>;
  /** A small object in one piece; undefined when there is no such object. */
  read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  has(key: string): Promise<boolean>;
  /** Removing what isn't there is no error. */
  remove(key: string): Promise<void>;
  /** All objects whose keys begin with the prefix, by ascending key. @param prefix ends with `/` */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Removes what broken puts older than a time have left behind. @returns how many */
  removeUnfinished(before: Date): Promise<number>;
  /** Whether it can be used now; rejects while it takes no writes. Makes the bucket or folder when it is missing and that is permitted. */
  probe(): Promise<StoreState>;
  close(): void;
}

/** Objects of other programs in the same bucket have other prefixes, and are left alone. */
export const FILE_PREFIX = 'files/';
export const THUMBNAIL_PREFIX = 'thumbnails/';

export const fileKey = (objectId: string): string => FILE_PREFIX + objectId;
export const thumbnailKey = (objectId: string): string => THUMBNAIL_PREFIX + objectId;
