import { expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '@parley/testing/run/run-folder';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { eventually } from '@parley/testing/time/eventually';
import { startReady } from '../testing/backends.ts';

test('a store that answers but takes no writes is no reason to be ready, until it takes one again', async () => {
  const STORAGE_DIR = newFolder('file-proven');
  const service = await startReady({ DATABASE_URL: newEmbeddedUrl(), STORAGE_DIR });
  const ready = async () => (await fetch(`${service.url}/ready`)).status;
  const upload = async () => {
    const body = new FormData();
    body.set('file', new File(['some text'], 'text.txt'));
    return (await fetch(`${service.url}/upload`, { method: 'POST', body })).status;
  };
  // Where the folder of the files would be: the store's own folder can be looked at, nothing can be written.
  const obstacle = join(STORAGE_DIR, 'files');
  writeFileSync(obstacle, '');
  expect(await ready()).toBe(200);
  expect(await upload()).toBe(503);
  expect(await ready()).toBe(503);
  rmSync(obstacle);
  await eventually(async () => expect(await ready()).toBe(200));
  expect(await upload()).toBe(201);
  await service.stop();
});
