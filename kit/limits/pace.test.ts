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

test('a sender has time by what it has sent, and never more than the whole time', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (some, more) => {
      expect(allowedMs(some, limits)).toBeLessThanOrEqual(allowedMs(some + more, limits));
      expect(allowedMs(some, limits)).toBeWithin(limits.graceMs, limits.timeoutMs + 1);
    }),
  );
  expect(allowedMs(2_000, limits)).toBe(2_050);
});

test('what comes in time passes as it is', async () => {
  expect(await readAll(atPace(chunksOf([10, 0, 5_000, 1]), limits))).toBe(5_011);
});

test('a sender that sends a byte now and then, or nothing, is cut off, and its source let go', async () => {
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

test("the time in which nobody reads is not the sender's", async () => {
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
