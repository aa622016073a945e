import { expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { keepFor } from './keep-for.ts';

test('calls at the same time, or soon after, share one outcome', async () => {
  let reads = 0;
  const ask = keepFor(60_000, async () => {
    reads += 1;
    return reads;
  });
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  expect(await ask()).toBe(1);
});

test('an old outcome is read again, also a rejection', async () => {
  let reads = 0;
  const ask = keepFor(1, async () => {
    reads += 1;
    if (reads === 1) throw new Error('away');
    return reads;
  });
  await expect(ask()).rejects.toThrow('away');
  await eventually(async () => expect(await ask()).toBeGreaterThan(2));
});
