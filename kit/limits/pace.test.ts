import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { allowedMs, atPace, type PaceLimits } from './pace.ts';

const limits: PaceLimits = { minBytesPerS: 1_000, graceMs: 50, timeoutMs: 60_000 };

async function* chunksOf(sizes: readonly number[], pauseMs = 0): AsyncGenerator<Uint8Array> {
  for (const size of sizes) {
    if (pauseMs > 0) await Bun.sleep(pauseMs);
    yield new Uint8Array(size);
  }
}

const readAll = async (chunks: AsyncIterable<Uint8Array>): Promise<number> => {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return bytes;
};

test('the time allowed grows with the bytes sent, up to the whole timeout', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (some, more) => {
      expect(allowedMs(some, limits)).toBeLessThanOrEqual(allowedMs(some + more, limits));
      expect(allowedMs(some, limits)).toBeWithin(limits.graceMs, limits.timeoutMs + 1);
    }),
  );
  expect(allowedMs(2_000, limits)).toBe(2_050);
});

test('bytes that arrive in time are passed on unchanged', async () => {
  expect(await readAll(atPace(chunksOf([10, 0, 5_000, 1]), limits))).toBe(5_011);
});

test('a sender of a byte now and then, or of nothing, is cut off, and its source is closed', async () => {
  await expect(readAll(atPace(chunksOf(Array(1_000).fill(1), 5), limits))).rejects.toMatchObject({ code: 'too_slow' });
  let isLetGo = false;
  const silent: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => undefined),
      return: async () => {
        isLetGo = true;
        return { done: true as const, value: undefined };
      },
    }),
  };
  await expect(readAll(atPace(silent, limits))).rejects.toMatchObject({ code: 'too_slow', status: 408 });
  expect(isLetGo).toBeTrue();
});

test('time in which nobody reads does not count', async () => {
  const slowReader = async () => {
    let bytes = 0;
    for await (const chunk of atPace(chunksOf([10, 10, 10]), limits)) {
      bytes += chunk.length;
      await Bun.sleep(limits.graceMs);
    }
    return bytes;
  };
  expect(await slowReader()).toBe(30);
});
