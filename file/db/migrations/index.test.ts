import { expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { migrations } from './index.ts';

test('every step in the folder is in the list, in order and unchanged', async () => {
  const files = readdirSync(import.meta.dir).filter((file) => file.endsWith('.sql'));
  expect(files.length).toBeGreaterThan(0);
  expect(migrations.steps.map(({ name }) => `${name}.sql`)).toEqual(files.sort());
  for (const { name, sql } of migrations.steps)
    expect(await Bun.file(`${import.meta.dir}/${name}.sql`).text()).toBe(sql);
});
