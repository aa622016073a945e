/** Pauses between attempts: exponential, bounded, with full jitter, so that clients that lost one server don't return in step. */

export interface BackoffOptions {
  /** The most that the first pause may take. */
  readonly baseMs?: number | undefined;
  /** The most that any pause may take. */
  readonly maxMs?: number | undefined;
  /** From 0 up to 1, as `Math.random`. */
  readonly random?: (() => number) | undefined;
}

export interface Backoff {
  /** @returns the next pause in ms: a random part of a limit that doubles with each attempt, and never less than `atLeastMs` */
  next(atLeastMs?: number): number;
  /** It worked: the next pause is a short one again. */
  reset(): void;
}

export const createBackoff = ({ baseMs = 250, maxMs = 10_000, random = Math.random }: BackoffOptions = {}): Backoff => {
  let attempts = 0;
  return {
    next: (atLeastMs = 0) => {
      const limitMs = Math.min(maxMs, baseMs * 2 ** attempts);
      attempts += 1;
      return atLeastMs + random() * limitMs;
    },
    reset: () => {
      attempts = 0;
    },
  };
};
