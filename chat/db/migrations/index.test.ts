import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from './index.ts';

const folder = import.meta.dir;
const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));

test('every migration of the folder is imported, in order, as it stands there', () => {
  expect(files.length).toBeGreaterThan(0);
  expect(migrations.steps.map(({ name }) => `${name}.sql`)).toEqual(files.toSorted());
  for (const { name, sql } of migrations.steps) expect(sql).toBe(readFileSync(join(folder, `${name}.sql`), 'utf8'));
});

test('the journal that generates the next one knows them all', () => {
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { tag: string }[];
  };
  expect(journal.entries.map(({ tag }) => tag)).toEqual(migrations.steps.map(({ name }) => name));
});
