/** Requires a minimum rate of a sender: otherwise a client could hold a place by sending a byte now and then. */
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { TimeoutError, withTimeout } from '../time/timeout.ts';

export interface PaceLimits {
  /** The least average rate in bytes per second, after the first `graceMs`. */
  readonly minBytesPerS: number;
  readonly graceMs: number;
  /** The longest that the whole body may take. */
  readonly timeoutMs: number;
}

const SECOND_MS = 1_000;

/** The time within which a sender must send more than this many bytes. Pure. */
export const allowedMs = (bytes: number, { minBytesPerS, graceMs, timeoutMs }: PaceLimits): number =>
  Math.min(timeoutMs, graceMs + (bytes / minBytesPerS) * SECOND_MS);

/**
 * Passes the bytes on while they arrive fast enough. Only the time spent waiting for the sender counts, not that of a slow store.
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
    // Not awaited: with a silent sender a pending read never ends.
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
