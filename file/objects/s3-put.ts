/** Stores an object: in one request when it is small, otherwise as a multipart upload in parts of one size. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { errorFields, type Log } from '@parley/kit/process/log';
import type { BucketClient } from './s3-bucket.ts';
import { gatherParts } from './s3-parts.ts';

/** The smallest size that S3 accepts for all parts but the last. */
const PART_BYTES = 5 * 1_024 * 1_024;

export interface MultipartUpload {
  readonly Key: string;
  readonly UploadId: string | undefined;
}

export interface Putter {
  /** When it rejects, nothing is left in the store. Only when the store is away may remains be left, which the sweep removes. */
  put(key: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  abort(upload: MultipartUpload): Promise<void>;
}

export const createPutter = (bucket: BucketClient, Bucket: string, log: Log): Putter => {
  const putWhole = (Key: string, Body: Uint8Array) =>
    bucket.send((client, abortSignal) => client.send(new PutObjectCommand({ Bucket, Key, Body }), { abortSignal }));

  const putPart = async (upload: MultipartUpload, PartNumber: number, Body: Uint8Array) => {
    const { ETag } = await bucket.send((client, abortSignal) =>
      client.send(new UploadPartCommand({ Bucket, ...upload, PartNumber, Body }), { abortSignal }),
    );
    return { ETag, PartNumber };
  };

  const abort = async (upload: MultipartUpload): Promise<void> => {
    await bucket.send((client, abortSignal) =>
      client.send(new AbortMultipartUploadCommand({ Bucket, ...upload }), { abortSignal }),
    );
  };

  /** Aborts the upload. While the store is away it doesn't wait for that. */
  const abandon = async (upload: MultipartUpload): Promise<void> => {
    const aborted = abort(upload).catch((error: unknown) =>
      log.warn({ event: 'upload_not_aborted', key: upload.Key, ...errorFields(error) }),
    );
    if (!bucket.isAway) await aborted;
  };

  const putInParts = async (Key: string, first: Uint8Array, others: AsyncIterable<Uint8Array>): Promise<void> => {
    const { UploadId } = await bucket.send((client, abortSignal) =>
      client.send(new CreateMultipartUploadCommand({ Bucket, Key }), { abortSignal }),
    );
    const upload = { Key, UploadId };
    try {
      const MultipartUpload = { Parts: [await putPart(upload, 1, first)] };
      for await (const part of others)
        MultipartUpload.Parts.push(await putPart(upload, MultipartUpload.Parts.length + 1, part));
      await bucket.send((client, abortSignal) =>
        client.send(new CompleteMultipartUploadCommand({ Bucket, ...upload, MultipartUpload }), { abortSignal }),
      );
    } catch (error) {
      await abandon(upload);
      throw error;
    }
  };

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
    abort,
  };
};
