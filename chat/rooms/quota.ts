/** How many rooms a person may create on one replica: a token bucket per person, kept for people who created a room lately. */

import { Failure } from '@parley/kit/errors/failure';
import type { BucketLimits } from '@parley/kit/limits/bucket';
import { createKeyedRates } from '@parley/kit/limits/rates';
import { errors } from '../errors.ts';

export interface RoomQuota {
  /** Takes a token of the person's bucket. @throws {Failure} `rate_limited` with `retry_after_ms` */
  take(userId: string): void;
}

export interface RoomQuotaDeps {
  readonly burst: number;
  readonly perHour: number;
  /** The monotonic clock, in ms. */
  readonly now?: () => number;
}

const HOUR_S = 3_600;
export const createRoomQuota = ({ burst, perHour, now = () => performance.now() }: RoomQuotaDeps): RoomQuota => {
  const limits: BucketLimits = { burst, perSecond: perHour / HOUR_S };
  const rates = createKeyedRates(limits, now);
  return {
    take: (userId) => {
      const retryAfterMs = rates.take(userId);
      if (retryAfterMs === 0) return;
      const minutes = Math.ceil(retryAfterMs / 60_000);
      throw new Failure(
        errors.rate_limited,
        `You have created many rooms in a short time; the next one can be created in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}`,
        { fields: { retry_after_ms: retryAfterMs } },
      );
    },
  };
};
