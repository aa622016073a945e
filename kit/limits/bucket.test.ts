import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type BucketLimits, fullBucket, takeToken } from './bucket.ts';

/** Takes a token at each of these times. @returns each `retryAfterMs` */
const takeAt = (limits: BucketLimits, timesMs: readonly number[]): number[] => {
  let bucket = fullBucket(limits, timesMs[0] ?? 0);
  return timesMs.map((nowMs) => {
    const taken = takeToken(bucket, limits, nowMs);
    bucket = taken.bucket;
    return taken.retryAfterMs;
  });
};

describe('the token bucket', () => {
  const limits = { perSecond: 10, burst: 3 };

  test('gives a burst at once, then returns how long to wait', () => {
    expect(takeAt(limits, [0, 0, 0, 0])).toEqual([0, 0, 0, 100]);
  });

  test('refills at its rate, also by fractions of a token, and never beyond the burst', () => {
    expect(takeAt(limits, [0, 0, 0, 50, 100, 100])).toEqual([0, 0, 0, 50, 0, 100]);
    expect(takeAt(limits, [0, 60_000, 60_000, 60_000, 60_000])).toEqual([0, 0, 0, 0, 100]);
  });

  test('a refusal costs no token: a client that waits as long as returned gets one', () => {
    expect(takeAt(limits, [0, 0, 0, 10, 20, 30, 100])).toEqual([0, 0, 0, 90, 80, 70, 0]);
  });

  test('a rate of 0 is no limit', () => {
    expect(takeAt({ perSecond: 0, burst: 1 }, [0, 0, 0, 0])).toEqual([0, 0, 0, 0]);
  });

  test('a client that waits as long as returned gets a token despite rounding', () => {
    const some = { perSecond: 10, burst: 1 };
    const { bucket } = takeToken(fullBucket(some, 0), some, 0);
    const refused = takeToken(bucket, some, 8);
    expect(refused.retryAfterMs).toBe(92);
    expect(takeToken(refused.bucket, some, 100).retryAfterMs).toBe(0);
  });

  test('at any times no more than burst plus rate is given, and waiting as long as returned suffices', () => {
    const anyLimits = fc.record({
      perSecond: fc.integer({ min: 1, max: 1_000 }),
      burst: fc.integer({ min: 1, max: 50 }),
    });
    const pauses = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(anyLimits, pauses, (some, pausesMs) => {
        let bucket = fullBucket(some, 0);
        let nowMs = 0;
        let count = 0;
        for (const pauseMs of pausesMs) {
          nowMs += pauseMs;
          const taken = takeToken(bucket, some, nowMs);
          bucket = taken.bucket;
          if (taken.retryAfterMs === 0) count += 1;
          else expect(takeToken(bucket, some, nowMs + taken.retryAfterMs).retryAfterMs).toBe(0);
        }
        expect(count).toBeLessThanOrEqual(some.burst + (nowMs / 1_000) * some.perSecond + 1e-6);
      }),
    );
  });
});
