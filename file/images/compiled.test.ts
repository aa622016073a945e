/** The decoder in a compiled binary, as the images have it: there is no Bun beside it to run the child process. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { newFolder } from '@parley/testing/run/run-folder';
import * as samples from '../testing/samples.ts';

const dockerfile = join(import.meta.dir, '../../Dockerfile');
const program = join(import.meta.dir, '../testing/decode-stdin.ts');

const run = async (command: string[], stdin: Uint8Array = new Uint8Array()): Promise<string> => {
  const child = Bun.spawn(command, { stdin, stdout: 'pipe', stderr: 'inherit', env: {} });
  const output = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return output;
};

test('a compiled binary makes thumbnails', async () => {
  const flags = /^ENV COMPILE="bun build (.*) --outfile=\S+"$/m
    .exec(await Bun.file(dockerfile).text())?.[1]
    ?.split(' ');
  expect(flags).toContain('--compile');
  const binary = join(newFolder('compiled-decoder'), 'decode');
  await run([process.execPath, 'build', ...(flags ?? []), `--outfile=${binary}`, program]);
  expect(JSON.parse(await run([binary], samples.png(900, 600)))).toEqual({ width: 480, height: 320, format: 'webp' });
  expect(await run([binary], samples.png(90, 60).subarray(0, 60))).toBe('none');
  expect(await run([binary], samples.pngBomb(2_000, 2_000))).toBe('none');
}, 60_000);
