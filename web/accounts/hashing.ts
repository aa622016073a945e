/**
 * Password hashes, which cost 64 MB and some tens of milliseconds on purpose: a few at a time, in a line that one address can neither
 * fill nor hold.
 */
import { createLine } from '@parley/kit/limits/line';

export interface Hashing {
  /**
   * Hashes or verifies when the turn comes.
   * @param address whose turn it is
   * @param key the name that is signed in to
   * @throws {Failure} `overloaded` with `retry_after_ms`
   */
  run<T>(address: string, key: string, work: () => Promise<T>): Promise<T>;
}

export const createHashing = (): Hashing => {
  const line = createLine({
    places: 4,
    placesPerGroup: 2,
    placesPerOwner: 1,
    maxWaiting: 200,
    maxWaitingPerGroup: 60,
    maxWaitingPerOwner: 4,
    maxWaitMs: 20_000,
    retryAfterMs: 5_000,
    detail: 'Many people are signing in at the moment; try again in some seconds',
  });
  return { run: (address, key, work) => line.run({ group: address, owner: key }, work) };
};
