import { expect, test } from 'bun:test';
import { TimeoutError, withTimeout } from './timeout.ts';

test('work that ends in time has its outcome', async () => {
  expect(await withTimeout(Promise.resolve('done'), 1_000)).toBe('done');
  await expect(withTimeout(Promise.reject(new Error('failed')), 1_000)).rejects.toThrow('failed');
});

test('work that takes longer rejects with TimeoutError, and its later failure is ignored', async () => {
  const { promise, reject } = Promise.withResolvers();
  await expect(withTimeout(promise, 5)).rejects.toBeInstanceOf(TimeoutError);
  reject(new Error('too late'));
  await Bun.sleep(1);
});
