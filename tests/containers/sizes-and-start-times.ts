/** Sizes of images and start times of services, compared with those in `docs/operating.md`. */
import { expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { services } from '../../services.ts';
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

const logOf = async (container: string): Promise<string[]> => (await docker(['logs', container])).split('\n');

const saysReady = (line: string): boolean => line.includes('"event":"ready"');

/**
 * Restarts a container. A busy engine may record the start late, even after the service was ready.
 * @returns the time from the recorded start to the new log line with `ready`
 */
const readyAfterMs = async (container: string): Promise<number> => {
  const before = (await logOf(container)).filter(saysReady).length;
  await docker(['restart', container]);
  const startedAt = await docker(['inspect', '--format', '{{.State.StartedAt}}', container]);
  return eventually(async () => {
    const log = await logOf(container);
    const ready = log.filter(saysReady)[before];
    if (!ready) throw new Error(`Not ready since ${startedAt}. Its log ends with\n${log.slice(-5).join('\n')}`);
    return Date.parse((JSON.parse(ready) as { time: string }).time) - Date.parse(startedAt);
  });
};

export const sizeAndStartTests = (stack: () => Stack): void => {
  test('each image is at most 1.15 times its base and Bun, and no more than a tenth above what it was', async () => {
    const base = await sizeOf(BASE);
    const limit = MAX_OF_BASE_AND_BUN * (base + (await bunSize()));
    for (const { name, image } of serviceImages) {
      const size = await sizeOf(image);
      expect(size).toBeLessThan(limit);
      const known = services[name].imageMegabytes;
      expect({ name, megabytes: (size - base) / 1e6 < known * MAX_GROWTH }).toEqual({ name, megabytes: true });
    }
  });

  test('each service is ready within a second of its start', async () => {
    for (const { name } of serviceImages) {
      const [container = ''] = await stack().containers(name);
      const times: number[] = [];
      for (let round = 0; round < 3; round += 1) times.push(await readyAfterMs(container));
      // The median, since one slow start may be the busy machine's.
      const [, ms = Number.NaN] = times.toSorted((x, y) => x - y);
      expect({ name, times, isReadyInTime: ms < READY_WITHIN_MS }).toEqual({ name, times, isReadyInTime: true });
    }
    await stack().compose('up', '--detach', '--wait', '--no-recreate');
  }, 120_000);
};
