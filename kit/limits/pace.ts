/** Holds a sender to a pace, so that nobody keeps a place by sending a byte now and then. */
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { TimeoutError, withTimeout } from '../time/timeout.ts';

export interface PaceLimits {
  /** What must come on average, in bytes a second, counted after `graceMs`. */
  readonly minBytesPerS: number;
  readonly graceMs: number;
  /** The longest that all of it may take. */
  readonly timeoutMs: number;
}

const SECOND_MS = 1_000;

/** How long a sender may have taken for more than so many bytes. Pure. */
export const allowedMs = (bytes: number, { minBytesPerS, graceMs, timeoutMs }: PaceLimits): number =>
  Math.min(timeoutMs, graceMs + (bytes / minBytesPerS) * SECOND_MS);

/**
 * The same bytes, as long as they come in time. Only the time spent waiting for the sender counts: a slow store is not its fault.
 * @throws {Failure} `too_slow`
 */
export async function* atPace<T extends Uint8Array>(body: AsyncIterable<T>, limits: PaceLimits): AsyncGenerator<T> {
  const source = body[Symbol.asyncIterator]();
  let bytes = 0;
  let waitedMs = 0;
  try {
    for (;;) {
      const start = performance.now();
      const { done, value } = await inTime(source.next(), allowedMs(bytes, limits) - waitedMs);
      if (done) return;
      waitedMs += performance.now() - start;
      bytes += value.length;
      yield value;
    }
  } finally {
    // A read under way is dropped with the source. Its end is not waited for: a silent sender would never let go.
    void Promise.resolve(source.return?.()).catch(() => undefined);
  }
}

const inTime = async <T>(work: Promise<T>, ms: number): Promise<T> => {
  try {
    return await withTimeout(work, Math.max(ms, 1));
  } catch (error) {
    throw error instanceof TimeoutError ? new Failure(errors.too_slow) : error;
  }
};
