/** Counts wrong passwords per name within a window. Bounded: beyond the most names the oldest one is forgotten. */
import { errors } from '@parley/kit/errors/errors';
import { Failure } from '@parley/kit/errors/failure';

const MAX_FAILURES = 10;
const FAILURE_WINDOW_MS = 5 * 60_000;
const MAX_TRACKED_NAMES = 10_000;

export interface FailureCount {
  /** @throws {Failure} `rate_limited` when the name has had too many wrong passwords */
  check(key: string): void;
  add(key: string): void;
  clear(key: string): void;
}

/** @param now monotonic, in ms */
export const createFailureCount = (now: () => number): FailureCount => {
  const failures = new Map<string, { count: number; until: number }>();
  const current = (key: string) => {
    const entry = failures.get(key);
    return entry && entry.until > now() ? entry : undefined;
  };
  return {
    check: (key) => {
      const entry = current(key);
      if (!entry || entry.count < MAX_FAILURES) return;
      const fields = { retry_after_ms: entry.until - now() };
      throw new Failure(errors.rate_limited, 'Too many wrong passwords for this name; wait some minutes', { fields });
    },
    add: (key) => {
      const entry = current(key) ?? { count: 0, until: now() + FAILURE_WINDOW_MS };
      failures.delete(key);
      failures.set(key, { ...entry, count: entry.count + 1 });
      if (failures.size > MAX_TRACKED_NAMES) failures.delete(failures.keys().next().value ?? '');
    },
    clear: (key) => void failures.delete(key),
  };
};
