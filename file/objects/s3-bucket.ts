/** Requests to one bucket: each has a time limit, failures become `storage_unavailable`, and a missing bucket is made. */
import { type BucketLocationConstraint, CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Failure } from '@parley/kit/errors/failure';
import { errorFields, type Log } from '@parley/kit/process/log';
import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { errors } from '../errors.ts';
import { parseEndpoint } from './endpoint.ts';

export interface BucketOptions {
  /** As the variable `MINIO_ENDPOINT`: `host:port`, `https://host` or `s3.amazonaws.com`. */
  readonly minioEndpoint: string;
  readonly minioAccessKey: string;
  readonly minioSecretKey: string;
  readonly minioBucket: string;
  readonly minioRegion?: string | undefined;
  /** The longest that one request may take, in ms. */
  readonly storageTimeoutMs: number;
}

export interface Bucket {
  /** Whether the last request failed because the store was away. */
  readonly isAway: boolean;
  /**
   * Sends a request. When the bucket is missing, makes it and sends the request again.
   * @throws {Failure} `storage_unavailable`, or an error for which `isMissing` holds
   */
  send<T>(request: Request<T>): Promise<T>;
  probe(): Promise<'connected' | 'unavailable'>;
  close(): void;
}

type Request<T> = (client: S3Client, abortSignal: AbortSignal) => Promise<T>;

const PROBE_TIMEOUT_MS = 900;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** Whether an error means that there is no such object. */
export const isMissing = (error: unknown): boolean => ['NoSuchKey', 'NotFound'].includes(nameOf(error));

const isTaken = (error: unknown): boolean =>
  ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists', 'OperationAborted'].includes(nameOf(error));

/** The time limit covers the answer's headers. The body has a limit of its own (`cutWhenSilent`). */
const withDeadline = async <T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
};

export const connectBucket = (options: BucketOptions, log: Log): Bucket => {
  const { minioBucket: name, storageTimeoutMs } = options;
  const { url, region, forcePathStyle } = parseEndpoint(options.minioEndpoint, options.minioRegion);
  const client = new S3Client({
    ...(url ? { endpoint: url } : {}),
    region,
    forcePathStyle,
    credentials: { accessKeyId: options.minioAccessKey, secretAccessKey: options.minioSecretKey },
    followRegionRedirects: true,
    // S3-compatible servers may not support Amazon's newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Bun's fetch, because its node:http lost the end of downloads under load.
    requestHandler: new FetchHttpHandler({ requestTimeout: 0 }),
  });
  let isAway = false;

  const makeBucket = async (signal: AbortSignal): Promise<void> => {
    const LocationConstraint = region as BucketLocationConstraint;
    const location = url || region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } };
    try {
      await client.send(new CreateBucketCommand({ Bucket: name, ...location }), { abortSignal: signal });
      log.info({ event: 'bucket_made', bucket: name });
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  };

  const noteAway = (error: unknown): Failure => {
    if (!isAway) log.warn({ event: 'storage_away', ...errorFields(error) });
    isAway = true;
    return new Failure(errors.storage_unavailable, 'The file store is away for a moment; try again', { cause: error });
  };

  const noteBack = (): void => {
    if (isAway) log.info({ event: 'storage_back' });
    isAway = false;
  };

  const send = async <T>(request: Request<T>): Promise<T> => {
    try {
      const answer = await withDeadline(storageTimeoutMs, async (signal) => {
        try {
          return await request(client, signal);
        } catch (error) {
          if (nameOf(error) !== 'NoSuchBucket') throw error;
          await makeBucket(signal);
          return request(client, signal);
        }
      });
      noteBack();
      return answer;
    } catch (error) {
      throw isMissing(error) ? error : noteAway(error);
    }
  };

  const probe = () =>
    withDeadline(PROBE_TIMEOUT_MS, async (signal): Promise<'connected' | 'unavailable'> => {
      try {
        await client.send(new HeadBucketCommand({ Bucket: name }), { abortSignal: signal });
      } catch (error) {
        if (!isMissing(error)) throw noteAway(error);
        await makeBucket(signal);
      }
      noteBack();
      return 'connected';
    });

  return {
    get isAway() {
      return isAway;
    },
    send,
    probe,
    close: () => client.destroy(),
  };
};
