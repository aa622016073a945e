/** Limits the rate of creations: by each creator, and for each recipient over all creators. */
import { Failure } from '@parley/kit/errors/failure';
import type { BucketLimits } from '@parley/kit/limits/bucket';
import { createKeyedRates } from '@parley/kit/limits/rates';
import { errors } from '../errors.ts';

export interface Rates {
  /** @throws {Failure} `rate_limited` with `retry_after_ms` */
  take(creatorId: string, recipientId: string): void;
}

/** @param now monotonic, in ms */
export const createRates = (limits: BucketLimits, now: () => number = () => performance.now()): Rates => {
  const rates = createKeyedRates(limits, now);

  const take = (key: string, whose: string): void => {
    const retryAfterMs = rates.take(key);
    if (retryAfterMs > 0)
      throw new Failure(errors.rate_limited, `Too many notifications ${whose}; try again in a moment`, {
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
