/** A token bucket: how often something may be done. Pure: the caller brings the time. */
export interface Bucket {
  readonly tokens: number;
  readonly filledAtMs: number;
}

export interface BucketLimits {
  readonly perSecond: number;
  readonly burst: number;
}

export const fullBucket = ({ burst }: BucketLimits, nowMs: number): Bucket => ({ tokens: burst, filledAtMs: nowMs });

/** Fractions of tokens add up with errors of rounding, which nobody who waited as told may be refused for. What is given is owed. */
const ROUNDING = 1e-6;

/** Takes one token. `retryAfterMs` is 0 when there was one, else how long until there is. A rate of 0 is no limit. */
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
