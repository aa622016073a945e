/** Sweeps at intervals, so that people who just stopped sending heartbeats are announced as offline. Every replica does. */
import { errorFields, type Log } from '@parley/kit/process/log';
import type { PeopleStore } from './store.ts';

export interface SweeperDeps {
  readonly people: PeopleStore;
  readonly log: Log;
  readonly intervalMs: number;
  /** Told after each batch how many people are online. */
  onCount(online: number): void;
}

export interface Sweeper {
  /** Begins with a sweep at once. Does nothing after `stop`. */
  start(): void;
  /** Resolves when a sweep under way has ended. */
  stop(): Promise<void>;
}

export const createSweeper = ({ people, log, intervalMs, onCount }: SweeperDeps): Sweeper => {
  let isStopped = false;
  let timer: Timer | undefined;
  let running = Promise.resolve();

  const sweepAll = async () => {
    for (let hasMore = true; hasMore && !isStopped; ) {
      const sweep = await people.sweep();
      hasMore = sweep.hasMore;
      onCount(sweep.online);
    }
  };

  const round = async () => {
    // The connection itself logs when the store goes and comes back.
    await sweepAll().catch((error: unknown) => log.debug({ event: 'sweep_failed', ...errorFields(error) }));
    if (!isStopped) timer = setTimeout(start, intervalMs);
  };

  const start = () => {
    if (!isStopped) running = round();
  };

  return {
    start,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      return running;
    },
  };
};
