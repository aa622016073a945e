/** How often notifications may be created: by each creator, and for each recipient, whoever creates them. */
import { type Bucket, type BucketLimits, fullBucket, takeToken } from '@parley/kit/bucket';
import { Failure } from '@parley/kit/errors';

/** Of the creators and recipients that were met last; one that is forgotten begins anew. */
const MAX_BUCKETS = 20_000;

export interface Rates {
  /** @throws {Failure} `rate_limited` with `retry_after_ms` */
  take(creatorId: string, recipientId: string): void;
}

/** @param now monotonic, in ms */
export const createRates = (limits: BucketLimits, now: () => number = () => performance.now()): Rates => {
  const buckets = new Map<string, Bucket>();

  /** @returns ms until there is a token, 0 when one was taken */
  const takeOf = (key: string): number => {
    const nowMs = now();
    const { bucket, retryAfterMs } = takeToken(buckets.get(key) ?? fullBucket(limits, nowMs), limits, nowMs);
    // Set anew, so that the map's order is that of the last use.
    buckets.delete(key);
    buckets.set(key, bucket);
    const [oldest] = buckets.size > MAX_BUCKETS ? buckets.keys() : [];
    if (oldest !== undefined) buckets.delete(oldest);
    return retryAfterMs;
  };

  const take = (key: string, whose: string): void => {
    const retryAfterMs = takeOf(key);
    if (retryAfterMs > 0)
      throw new Failure('rate_limited', `Too many notifications ${whose}; try again in a moment`, {
        fields: { retry_after_ms: retryAfterMs },
      });
  };

  return {
    take: (creatorId, recipientId) => {
      take(`by ${creatorId}`, 'from one creator');
      take(`for ${recipientId}`, 'for one person');
    },
  };
};
