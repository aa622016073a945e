/** Token buckets by key (an address, a person, a room). Bounded: beyond `MAX_KEYS` the least recently used bucket is dropped. */
import { type Bucket, type BucketLimits, fullBucket, takeToken } from './bucket.ts';

const MAX_KEYS = 20_000;

export interface KeyedRates {
  /** @returns 0 if a token was taken, else the ms until there is one */
  take(key: string): number;
}

/** @param now monotonic, in ms */
export const createKeyedRates = (limits: BucketLimits, now: () => number = () => performance.now()): KeyedRates => {
  const buckets = new Map<string, Bucket>();
  return {
    take: (key) => {
      const nowMs = now();
      const { bucket, retryAfterMs } = takeToken(buckets.get(key) ?? fullBucket(limits, nowMs), limits, nowMs);
      // Deleted and set, so that the map's order is that of the last use.
      buckets.delete(key);
      buckets.set(key, bucket);
      const [oldest] = buckets.size > MAX_KEYS ? buckets.keys() : [];
      if (oldest !== undefined) buckets.delete(oldest);
      return retryAfterMs;
    },
  };
};
