/** Uploads are streamed: what a process holds doesn't grow with a file. `bench/file-memory.ts` measures it at full size. */
import { expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { backends } from './testing/backends.ts';
import { measurePeakMemory } from './testing/peak-memory.ts';

const MB = 1_000_000;
const UPLOADS = 4;

for (const { name, needs, open } of backends) {
  describeWith(needs, `the memory of file on ${name}`, () => {
    test('is much the same for files of 1 MB and of 50 MB', async () => {
      const stores = await open();
      const measure = (bytesEach: number) =>
        measurePeakMemory(stores.env, { uploads: UPLOADS, bytesEach, concurrency: 1 });
      const small = await measure(MB);
      const large = await measure(50 * MB);
      await stores.close();
      // It was measured at all.
      expect(small).toBeGreaterThan(20 * MB);
      expect(large / small).toBeLessThan(1.5);
    });
  });
}
