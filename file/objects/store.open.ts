/** Opens the object store that the configuration names: a folder, or a bucket of S3 or MinIO. */
import type { Log } from '@parley/kit/process/log';
import type { BucketOptions } from './s3-bucket.ts';
import { createDiskStore } from './store.disk.ts';
import { createS3Store } from './store.s3.ts';
import type { ObjectStore } from './store.ts';
import { withWriteProbe } from './write-probe.ts';

export interface ObjectStoreOptions extends BucketOptions {
  /** A folder to keep the bytes in; absent: the bucket. */
  readonly storageDir?: string | undefined;
}

export const openObjectStore = (options: ObjectStoreOptions, log: Log): ObjectStore =>
  withWriteProbe(options.storageDir ? createDiskStore(options.storageDir) : createS3Store(options, log));
