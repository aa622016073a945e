/**
 * Objects in a bucket of S3 or MinIO. A small object is one request, a larger one a multipart upload in parts of one fixed size:
 * bodies are byte arrays, never streams, so that a put holds one part in memory whatever the size of the object.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { errorFields, type Log } from '@parley/kit/log';
import { gatherParts } from './parts.ts';
import { connectBucket, isMissing } from './s3-bucket.ts';
import { cutWhenSilent } from './silence.ts';
import type { ByteRange, ObjectStore, ObjectStoreOptions, StoredObject } from './store.ts';

/** The smallest that S3 takes for all parts but the last. */
const PART_BYTES = 5 * 1_024 * 1_024;

export const createS3Store = (options: ObjectStoreOptions, log: Log): ObjectStore => {
  const bucket = connectBucket(options, log);
  const Bucket = options.minioBucket;

  const putWhole = (Key: string, Body: Uint8Array) =>
    bucket.send((client, abortSignal) => client.send(new PutObjectCommand({ Bucket, Key, Body }), { abortSignal }));

  const abort = (Key: string, UploadId: string | undefined) =>
    bucket.send((client, abortSignal) =>
      client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal }),
    );

  const putPart = async (
    upload: { Key: string; UploadId: string | undefined },
    PartNumber: number,
    Body: Uint8Array,
  ) => {
    const { ETag } = await bucket.send((client, abortSignal) =>
      client.send(new UploadPartCommand({ Bucket, ...upload, PartNumber, Body }), { abortSignal }),
    );
    return { ETag, PartNumber };
  };

  const putInParts = async (Key: string, first: Uint8Array, others: AsyncIterable<Uint8Array>): Promise<void> => {
    const { UploadId } = await bucket.send((client, abortSignal) =>
      client.send(new CreateMultipartUploadCommand({ Bucket, Key }), { abortSignal }),
    );
    const upload = { Key, UploadId };
    try {
      const Parts = [await putPart(upload, 1, first)];
      for await (const part of others) Parts.push(await putPart(upload, Parts.length + 1, part));
      await bucket.send((client, abortSignal) =>
        client.send(new CompleteMultipartUploadCommand({ Bucket, ...upload, MultipartUpload: { Parts } }), {
          abortSignal,
        }),
      );
    } catch (error) {
      await abandon(Key, UploadId);
      throw error;
    }
  };

  /** While the store is away there is nobody to wait for: the sweep removes what is left. */
  const abandon = async (key: string, uploadId: string | undefined): Promise<void> => {
    const aborted = abort(key, uploadId).catch((error: unknown) =>
      log.warn({ event: 'upload_not_aborted', key, ...errorFields(error) }),
    );
    if (!bucket.isAway) await aborted;
  };

  const get = async (Key: string, range?: ByteRange) => {
    const Range = range && `bytes=${range.start}-${range.end - 1}`;
    try {
      return await bucket.send((client, abortSignal) =>
        client.send(new GetObjectCommand({ Bucket, Key, ...(Range && { Range }) }), { abortSignal }),
      );
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  const open = async (key: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | undefined> => {
    const stream = (await get(key, range))?.Body?.transformToWebStream();
    return stream && cutWhenSilent(stream, options.storageTimeoutMs);
  };

  async function* list(Prefix: string): AsyncGenerator<StoredObject> {
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

  return {
    put: async (key, chunks) => {
      const parts = gatherParts(chunks, PART_BYTES);
      try {
        const { value: first } = await parts.next();
        if (!first || first.length < PART_BYTES) await putWhole(key, first ?? new Uint8Array());
        else await putInParts(key, first, parts);
      } finally {
        await parts.return(undefined);
      }
    },
    open,
    read: async (key) => {
      const stream = await open(key);
      return stream && new Uint8Array(await new Response(stream).arrayBuffer());
    },
    has: async (Key) => {
      try {
        await bucket.send((client, abortSignal) =>
          client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal }),
        );
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    remove: async (Key) => {
      await bucket.send((client, abortSignal) =>
        client.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal }),
      );
    },
    list,
    /** MinIO lists no unfinished uploads without their keys, and removes them by itself after a day. */
    removeUnfinished: async (before) => {
      const { Uploads = [] } = await bucket.send((client, abortSignal) =>
        client.send(new ListMultipartUploadsCommand({ Bucket }), { abortSignal }),
      );
      const stale = Uploads.filter(({ Initiated }) => Initiated && Initiated < before);
      for (const { Key, UploadId } of stale) if (Key) await abort(Key, UploadId);
      return stale.length;
    },
    probe: bucket.probe,
    close: bucket.close,
  };
};
