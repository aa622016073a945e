/** How many rooms a person may create on one replica: a token bucket each, for the people who created one lately. */

import { type Bucket, type BucketLimits, fullBucket, takeToken } from '@parley/kit/bucket';
import { Failure } from '@parley/kit/errors';

export interface RoomQuota {
  /** Counts a room. @throws {Failure} `rate_limited` with `retry_after_ms` */
  take(userId: string): void;
}

export interface RoomQuotaOptions {
  readonly burst: number;
  readonly perHour: number;
  /** The monotonic clock, in ms. */
  readonly now?: () => number;
}

const HOUR_S = 3_600;
/** People who are remembered; of more, the one who created a room longest ago starts anew. */
const MAX_PEOPLE = 10_000;

export const createRoomQuota = ({ burst, perHour, now = () => performance.now() }: RoomQuotaOptions): RoomQuota => {
  const limits: BucketLimits = { burst, perSecond: perHour / HOUR_S };
  const buckets = new Map<string, Bucket>();
  return {
    take: (userId) => {
      const { bucket, retryAfterMs } = takeToken(buckets.get(userId) ?? fullBucket(limits, now()), limits, now());
      buckets.delete(userId);
      buckets.set(userId, bucket);
      const [oldest] = buckets.keys();
      if (buckets.size > MAX_PEOPLE && oldest !== undefined) buckets.delete(oldest);
      if (retryAfterMs === 0) return;
      const minutes = Math.ceil(retryAfterMs / 60_000);
      throw new Failure(
        'rate_limited',
        `You have created many rooms in a short time; the next one can be created in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}`,
        { fields: { retry_after_ms: retryAfterMs } },
      );
    },
  };
};
