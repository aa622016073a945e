/**
 * `bun bench/file-memory.ts [uploads]`: the peak memory of the file service for 20 uploads of 100 MB against 20 of 1 MB, each load in
 * a fresh process, on each pair of stores. Prints a line of JSON per pair; exits 1 when one after another take more than 1.5
 * times the memory. Side by side, each upload under way has buffers of its own: that ratio is shown, and MAX_UPLOADS bounds it.
 */
import { closeAll } from '@parley/testing/run/run-folder';
import { backends } from '../file/testing/backends.ts';
import { measurePeakMemory } from '../file/testing/peak-memory.ts';

const MB = 1_000_000;
const MAX_RATIO = 1.5;
const uploads = Number(process.argv[2] ?? 20);

const inMb = (bytes: number): number => Math.round(bytes / MB);

for (const { name, open } of backends) {
  for (const concurrency of [1, 4]) {
    const stores = await open();
    const measure = (bytesEach: number) => measurePeakMemory(stores.env, { uploads, bytesEach, concurrency });
    const small = await measure(MB);
    const large = await measure(100 * MB);
    const ratio = large / small;
    const figures = { small_mb: inMb(small), large_mb: inMb(large), ratio: Math.round(ratio * 100) / 100 };
    process.stdout.write(`${JSON.stringify({ stores: name, uploads, concurrency, ...figures })}\n`);
    if (concurrency === 1 && !(ratio <= MAX_RATIO)) process.exitCode = 1;
    await stores.close();
  }
}
await closeAll();
