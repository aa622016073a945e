import { expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { keepFor } from './keep-for.ts';

test('all who ask together, or soon after, get one answer', async () => {
  let reads = 0;
  const ask = keepFor(60_000, async () => {
    reads += 1;
    return reads;
  });
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  expect(await ask()).toBe(1);
});

test('an answer that is old is read anew, and so is a rejection', async () => {
  let reads = 0;
  const ask = keepFor(1, async () => {
    reads += 1;
    if (reads === 1) throw new Error('away');
    return reads;
  });
  await expect(ask()).rejects.toThrow('away');
  await eventually(async () => expect(await ask()).toBeGreaterThan(2));
});
