/** Requests to one bucket: each has a time limit, failures become `storage_unavailable`, and a missing bucket is made. */
import { type BucketLocationConstraint, CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { Failure } from '@parley/kit/errors/failure';
import { errorFields, type Log } from '@parley/kit/process/log';
import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { errors } from '../errors.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';

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

const createClient = (options: BucketOptions, { url, region, forcePathStyle }: Endpoint): S3Client =>
  new S3Client({
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

export class BucketClient {
  readonly #name: string;
  readonly #timeoutMs: number;
  readonly #endpoint: Endpoint;
  readonly #client: S3Client;
  readonly #log: Log;
  #isAway = false;

  constructor(options: BucketOptions, log: Log) {
    this.#name = options.minioBucket;
    this.#timeoutMs = options.storageTimeoutMs;
    this.#endpoint = parseEndpoint(options.minioEndpoint, options.minioRegion);
    this.#client = createClient(options, this.#endpoint);
    this.#log = log;
  }

  /** Whether the last request failed because the store was away. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /**
   * Sends a request. When the bucket is missing, makes it and sends the request again.
   * @throws {Failure} `storage_unavailable`, or an error for which `isMissing` holds
   */
  async send<T>(request: Request<T>): Promise<T> {
    try {
      const answer = await withDeadline(this.#timeoutMs, (signal) => this.#sendOrMakeBucket(request, signal));
      this.#noteBack();
      return answer;
    } catch (error) {
      throw isMissing(error) ? error : this.#noteAway(error);
    }
  }

  /** @throws {Failure} `storage_unavailable` */
  async probe(): Promise<'connected' | 'unavailable'> {
    await withDeadline(PROBE_TIMEOUT_MS, async (signal) => {
      try {
        await this.#client.send(new HeadBucketCommand({ Bucket: this.#name }), { abortSignal: signal });
      } catch (error) {
        if (!isMissing(error)) throw this.#noteAway(error);
        await this.#makeBucket(signal);
      }
    });
    this.#noteBack();
    return 'connected';
  }

  close(): void {
    this.#client.destroy();
  }

  async #sendOrMakeBucket<T>(request: Request<T>, signal: AbortSignal): Promise<T> {
    try {
      return await request(this.#client, signal);
    } catch (error) {
      if (nameOf(error) !== 'NoSuchBucket') throw error;
      await this.#makeBucket(signal);
      return request(this.#client, signal);
    }
  }

  async #makeBucket(signal: AbortSignal): Promise<void> {
    const { url, region } = this.#endpoint;
    const LocationConstraint = region as BucketLocationConstraint;
    const location = url || region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint } };
    try {
      await this.#client.send(new CreateBucketCommand({ Bucket: this.#name, ...location }), { abortSignal: signal });
      this.#log.info({ event: 'bucket_made', bucket: this.#name });
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }

  #noteAway(error: unknown): Failure {
    if (!this.#isAway) this.#log.warn({ event: 'storage_away', ...errorFields(error) });
    this.#isAway = true;
    return new Failure(errors.storage_unavailable, 'The file store is away for a moment; try again', { cause: error });
  }

  #noteBack(): void {
    if (this.#isAway) this.#log.info({ event: 'storage_back' });
    this.#isAway = false;
  }
}
