/** Token buckets by key: of an address, a person, a room. Bounded: of many keys, the one used longest ago begins anew. */
import { type Bucket, type BucketLimits, fullBucket, takeToken } from './bucket.ts';

const MAX_KEYS = 20_000;

export interface KeyedRates {
  /** @returns ms until there is a token for this key, 0 when one was taken */
  take(key: string): number;
}

/** @param now monotonic, in ms */
export const createKeyedRates = (limits: BucketLimits, now: () => number = () => performance.now()): KeyedRates => {
  const buckets = new Map<string, Bucket>();
  return {
    take: (key) => {
      const nowMs = now();
      const { bucket, retryAfterMs } = takeToken(buckets.get(key) ?? fullBucket(limits, nowMs), limits, nowMs);
      // Set anew, so that the map's order is that of the last use.
      buckets.delete(key);
      buckets.set(key, bucket);
      const [oldest] = buckets.size > MAX_KEYS ? buckets.keys() : [];
      if (oldest !== undefined) buckets.delete(oldest);
      return retryAfterMs;
    },
  };
};
