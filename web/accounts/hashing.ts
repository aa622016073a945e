/**
 * Runs password hashes a few at a time: each takes 64 MB and tens of milliseconds, by design. They wait in a queue with limits per address
 * and per name, so that one address can't fill it.
 */
import { createLine } from '@parley/kit/limits/line';

export interface Hashing {
  /**
   * Queues the work, which hashes or verifies a password.
   * @param address of the client
   * @param key of the name, as `nameKey` gives it
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
