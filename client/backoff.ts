/** Pauses between attempts: exponential, bounded, with full jitter, so that the clients of a server that died don't all reconnect at once. */

export interface BackoffOptions {
  /** The longest first pause. 250 ms unless given. */
  readonly baseMs?: number | undefined;
  /** The longest pause of all. 10 seconds unless given. */
  readonly maxMs?: number | undefined;
  /** Returns a number from 0 up to 1, as `Math.random` does. */
  readonly random?: (() => number) | undefined;
}

export interface Backoff {
  /** @returns the next pause in ms: `atLeastMs`, plus a random part of a limit that doubles with each attempt */
  next(atLeastMs?: number): number;
  /** Call it after a success: the next pause is short again. */
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
