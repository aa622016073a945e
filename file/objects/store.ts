/**
 * The object store: immutable bytes by key. Backends: S3 and compatible servers (MinIO), and a folder for one process; both pass one
 * contract test. Every method throws `storage_unavailable` when the backend is away, within its timeout.
 */
import type { StoreState } from '@parley/kit/process/health';

/** A range of an object, in bytes from 0; `end` is exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A `Blob` is a file on disk, which the server sends without reading it into memory. */
export type ObjectBody = Blob | ReadableStream<Uint8Array>;

export interface StoredObject {
  readonly key: string;
  readonly modifiedAt: Date;
}

export interface ObjectStore {
  /**
   * Stores the chunks as one object. When the promise resolves, the object is complete and durable; when the chunks or the backend fail,
   * the promise rejects and nothing is left in the store. Reads the chunks no faster than it stores them, and holds at most 5 MiB.
   */
  put(key: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** The bytes of a range; undefined when there is no such object. A later failure is an error of the stream. */
  open(key: string, range: ByteRange): Promise<ObjectBody | undefined>;
  /** A small object, in memory; undefined when there is no such object. */
  read(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  has(key: string): Promise<boolean>;
  /** Removes the object, if there is one. */
  remove(key: string): Promise<void>;
  /** All objects whose keys begin with the prefix, by ascending key. @param prefix ends with `/` */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Removes the remains of puts that began before a time and broke off. @returns how many */
  removeUnfinished(before: Date): Promise<number>;
  /** The state for /health. Rejects while the store accepts no writes. Makes a missing bucket or folder, if that is permitted. */
  probe(): Promise<StoreState>;
  close(): void;
}

/** Objects with other prefixes belong to other programs that share the bucket, and are never touched. */
export const FILE_PREFIX = 'files/';
export const THUMBNAIL_PREFIX = 'thumbnails/';

export const fileKey = (objectId: string): string => FILE_PREFIX + objectId;
export const thumbnailKey = (objectId: string): string => THUMBNAIL_PREFIX + objectId;
