/** Sweeps at intervals. In each interval one replica sweeps for all. */
import { errorFields, type Log } from '@parley/kit/process/log';
import type { Leases } from './lease.ts';
import type { Sweep } from './sweep.ts';

const TURN = 'sweep-turn';

/** @returns a handle whose `stop` resolves after the running sweep */
export const scheduleSweeps = (sweep: Sweep, leases: Leases, intervalMs: number, log: Log) => {
  let underway: Promise<void> | undefined;

  const takeTurn = async (): Promise<void> => {
    try {
      // The first replica of an interval gets the lease. It ends a little before the interval, so that the next one can take it in time.
      if (await leases.take(TURN, intervalMs * 0.9)) await sweep.run();
    } catch (error) {
      log.warn({ event: 'sweep_failed', ...errorFields(error) });
    }
  };

  const tick = (): void => {
    // A sweep longer than an interval skips turns.
    underway ??= takeTurn().finally(() => {
      underway = undefined;
    });
  };

  const timer = intervalMs > 0 ? setInterval(tick, intervalMs) : undefined;
  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await underway;
    },
  };
};
