/** A token bucket, which limits a rate. Pure: the caller passes the time. */
export interface Bucket {
  readonly tokens: number;
  readonly filledAtMs: number;
}

export interface BucketLimits {
  readonly perSecond: number;
  readonly burst: number;
}

export const fullBucket = ({ burst }: BucketLimits, nowMs: number): Bucket => ({ tokens: burst, filledAtMs: nowMs });

/** Tolerance for rounding errors: a client that waits exactly `retryAfterMs` must pass. The missing fraction is carried as debt. */
const ROUNDING = 1e-6;

/** Takes one token. `retryAfterMs` is 0 if there was one, else the time until there is one. A rate of 0 means unlimited. */
export const takeToken = (
  bucket: Bucket,
  limits: BucketLimits,
  nowMs: number,
): { bucket: Bucket; retryAfterMs: number } => {
  if (limits.perSecond === 0) return { bucket, retryAfterMs: 0 };
  const gained = ((nowMs - bucket.filledAtMs) / 1_000) * limits.perSecond;
  const tokens = Math.min(limits.burst, bucket.tokens + gained);
  if (tokens >= 1 - ROUNDING) return { bucket: { tokens: tokens - 1, filledAtMs: nowMs }, retryAfterMs: 0 };
  return { bucket: { tokens, filledAtMs: nowMs }, retryAfterMs: Math.ceil(((1 - tokens) / limits.perSecond) * 1_000) };
};
