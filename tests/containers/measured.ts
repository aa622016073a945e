/** Sizes and start times, held to what `docs/operating.md` says. */
import { expect, test } from 'bun:test';
import { imageSizes } from '../../deploy/image-sizes.ts';
import { docker } from './docker.ts';
import { type Stack, serviceImages } from './stack.ts';

const BASE = 'gcr.io/distroless/cc-debian13:nonroot';
const BUILDER = 'oven/bun:1.4.5';
const MAX_GROWTH = 1.1;
const MAX_OF_BASE_AND_BUN = 1.15;
const READY_WITHIN_MS = 1_000;

const sizeOf = async (image: string): Promise<number> =>
  Number(await docker(['image', 'inspect', '--format', '{{.Size}}', image]));

const bunSize = async (): Promise<number> =>
  Number(await docker(['run', '--rm', '--entrypoint', 'stat', BUILDER, '-L', '-c', '%s', '/usr/local/bin/bun']));

/** From the start of a container's process to its line that says it is ready. */
const readyAfterMs = async (container: string): Promise<number> => {
  const startedAt = new Date(await docker(['inspect', '--format', '{{.State.StartedAt}}', container]));
  const lines = (await docker(['logs', container])).split('\n');
  const ready = lines.find((line) => line.includes('"event":"ready"')) ?? '{}';
  return new Date((JSON.parse(ready) as { time: string }).time).getTime() - startedAt.getTime();
};

export const measuredTests = (stack: () => Stack): void => {
  test('each image is at most 1.15 times its base and Bun, and no more than a tenth above what it was', async () => {
    const base = await sizeOf(BASE);
    const limit = MAX_OF_BASE_AND_BUN * (base + (await bunSize()));
    for (const { name, image } of serviceImages) {
      const size = await sizeOf(image);
      expect(size).toBeLessThan(limit);
      const known = imageSizes[name as keyof typeof imageSizes];
      expect({ name, megabytes: (size - base) / 1e6 < known * MAX_GROWTH }).toEqual({ name, megabytes: true });
    }
  });

  test('each service is ready within a second of its start', async () => {
    for (const { name } of serviceImages) {
      const [container = ''] = await stack().containers(name);
      await docker(['restart', container]);
      await stack().compose('up', '--detach', '--wait', '--no-recreate');
      expect({ name, ms: await readyAfterMs(container) }).toEqual({ name, ms: expect.any(Number) });
      expect(await readyAfterMs(container)).toBeLessThan(READY_WITHIN_MS);
    }
  }, 120_000);
};
