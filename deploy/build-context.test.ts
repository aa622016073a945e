/** The Dockerfile and `.dockerignore` list the workspaces. A missing one breaks the build of every image. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { workspaces } from '../package.json' with { type: 'json' };

const lines = async (name: string): Promise<string[]> =>
  (await Bun.file(join(import.meta.dir, '..', name)).text()).split('\n').map((line) => line.trim());

test('every workspace is let into the build context', async () => {
  expect(await lines('.dockerignore')).toContainValues(workspaces.map((name) => `!${name}`));
});

test('every workspace’s manifest is there when the packages are installed', async () => {
  expect(await lines('Dockerfile')).toContainValues(workspaces.map((name) => `COPY ${name}/package.json ${name}/`));
});
