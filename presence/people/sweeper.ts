/** Sweeps at intervals, so that people whose heartbeats stopped are published as offline. Every replica does. */
import { errorFields, type Log } from '@parley/kit/process/log';
import type { PeopleStore } from './store.ts';

export interface SweeperDeps {
  readonly people: PeopleStore;
  readonly log: Log;
  readonly intervalMs: number;
  /** Called after each batch with the number of people online. */
  onCount(online: number): void;
}

export interface Sweeper {
  /** Sweeps at once, then at intervals. Does nothing after `stop`. */
  start(): void;
  /** Resolves when the running sweep has ended. */
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
    // Only at debug level: the connection to Redis logs outages.
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
