/** Sweeps at intervals, one replica for all of them. */
import { errorFields, type Log } from '@parley/kit/process/log';
import type { Leases } from './lease.ts';
import type { Sweep } from './sweep.ts';

const TURN = 'sweep-turn';

/** @returns what ends it, after the sweep under way */
export const scheduleSweeps = (sweep: Sweep, leases: Leases, intervalMs: number, log: Log) => {
  let underway: Promise<void> | undefined;

  const takeTurn = async (): Promise<void> => {
    try {
      // Whoever comes first in an interval sweeps; a little short of it, so that its own next turn comes in time.
      if (await leases.take(TURN, intervalMs * 0.9)) await sweep.run();
    } catch (error) {
      log.warn({ event: 'sweep_failed', ...errorFields(error) });
    }
  };

  const tick = (): void => {
    // A sweep that takes longer than an interval leaves turns out.
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
