import { expect, test } from 'bun:test';
import { createLog } from '@parley/kit/process/log';
import { eventually } from '@parley/testing/time/eventually';
import type { Leases } from './lease.ts';
import { scheduleSweeps } from './schedule.ts';
import type { Sweep } from './sweep.ts';

const log = createLog('file', 'silent');
const INTERVAL_MS = 5;

/** Gives every so many-th taker the turn, as if replicas shared it. */
const leasesOf = (share: number) => {
  let asked = 0;
  const leases: Leases = {
    take: async () => {
      asked += 1;
      return asked % share === 0;
    },
    release: async () => undefined,
  };
  return { leases, asked: () => asked };
};

const countingSweep = (work: () => Promise<void> = async () => undefined) => {
  let runs = 0;
  const sweep: Sweep = {
    run: async () => {
      runs += 1;
      await work();
      return undefined;
    },
  };
  return { sweep, runs: () => runs };
};

test('sweeps in its turns only, again and again, and no more when stopped', async () => {
  const { leases, asked } = leasesOf(3);
  const { sweep, runs } = countingSweep();
  const schedule = scheduleSweeps(sweep, leases, INTERVAL_MS, log);
  await eventually(() => expect(runs()).toBeGreaterThanOrEqual(2));
  await schedule.stop();
  expect(runs()).toBe(Math.floor(asked() / 3));
  const askedThen = asked();
  await Bun.sleep(5 * INTERVAL_MS);
  expect(asked()).toBe(askedThen);
});

test('goes on after a sweep that failed', async () => {
  const { sweep, runs } = countingSweep(() => Promise.reject(new Error('The store is away')));
  const schedule = scheduleSweeps(sweep, leasesOf(1).leases, INTERVAL_MS, log);
  await eventually(() => expect(runs()).toBeGreaterThanOrEqual(3));
  await schedule.stop();
});

test('stops only after the sweep under way', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { sweep, runs } = countingSweep(() => promise);
  const schedule = scheduleSweeps(sweep, leasesOf(1).leases, INTERVAL_MS, log);
  await eventually(() => expect(runs()).toBe(1));
  let isStopped = false;
  const stopped = schedule.stop().then(() => {
    isStopped = true;
  });
  await Bun.sleep(5 * INTERVAL_MS);
  expect(isStopped).toBeFalse();
  resolve();
  await stopped;
});

test('never sweeps when the interval is 0', async () => {
  const { leases, asked } = leasesOf(1);
  const schedule = scheduleSweeps(countingSweep().sweep, leases, 0, log);
  await Bun.sleep(5 * INTERVAL_MS);
  expect(asked()).toBe(0);
  await schedule.stop();
});
