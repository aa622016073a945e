/**
 * Objects in a bucket of S3 or MinIO. Bodies are sent as byte arrays, never as streams, so that a put holds one part in memory whatever the
 * size of the object. Bodies are received as streams with a time limit for each read.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import type { Log } from '@parley/kit/process/log';
import { BucketClient, type BucketOptions, isMissing } from './s3-bucket.ts';
import { createPutter, type Putter } from './s3-put.ts';
import { cutWhenSilent } from './silence.ts';
import { type ByteRange, FILE_PREFIX, type ObjectStore, type StoredObject, THUMBNAIL_PREFIX } from './store.ts';

/** Undefined when there is no such object. */
const ifThere = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The bucket may be shared with other programs. */
const isOurs = (key: string): boolean => key.startsWith(FILE_PREFIX) || key.startsWith(THUMBNAIL_PREFIX);

async function* listObjects(bucket: BucketClient, Bucket: string, Prefix: string): AsyncGenerator<StoredObject> {
  let ContinuationToken: string | undefined;
  do {
    const page = await bucket.send((client, abortSignal) =>
      client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }), { abortSignal }),
    );
    for (const { Key, LastModified } of page.Contents ?? [])
      if (Key && LastModified) yield { key: Key, modifiedAt: LastModified };
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
}

/**
 * Aborts the multipart uploads that began before a time. MinIO lists unfinished uploads only by their exact keys, so none here, and
 * removes them itself after a day.
 * @returns their number
 */
const abortUploads = async (bucket: BucketClient, Bucket: string, putter: Putter, before: Date): Promise<number> => {
  const { Uploads = [] } = await bucket.send((client, abortSignal) =>
    client.send(new ListMultipartUploadsCommand({ Bucket }), { abortSignal }),
  );
  let aborted = 0;
  for (const { Key, UploadId, Initiated } of Uploads) {
    if (!Key || !isOurs(Key) || !Initiated || Initiated >= before) continue;
    await putter.abort({ Key, UploadId });
    aborted += 1;
  }
  return aborted;
};

export const createS3Store = (options: BucketOptions, log: Log): ObjectStore => {
  const bucket = new BucketClient(options, log);
  const Bucket = options.minioBucket;
  const putter = createPutter(bucket, Bucket, log);

  const open = async (Key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | undefined> => {
    const rangeHeader = range && { Range: `bytes=${range.start}-${range.end - 1}` };
    const answer = bucket.send((client, abortSignal) =>
      client.send(new GetObjectCommand({ Bucket, Key, ...rangeHeader }), { abortSignal }),
    );
    const stream = (await ifThere(answer))?.Body?.transformToWebStream();
    return stream && cutWhenSilent(stream, options.storageTimeoutMs);
  };

  return {
    put: putter.put,
    open,
    read: async (key) => {
      const stream = await open(key);
      return stream && new Uint8Array(await new Response(stream).arrayBuffer());
    },
    has: async (Key) => {
      const answer = bucket.send((client, abortSignal) =>
        client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal }),
      );
      return (await ifThere(answer)) !== undefined;
    },
    remove: async (Key) => {
      await bucket.send((client, abortSignal) =>
        client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal }),
      );
    },
    list: (prefix) => listObjects(bucket, Bucket, prefix),
    removeUnfinished: (before) => abortUploads(bucket, Bucket, putter, before),
    probe: () => bucket.probe(),
    close: () => bucket.close(),
  };
};
