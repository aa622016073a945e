import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functions } from './index.ts';

const files = readdirSync(import.meta.dir).filter((file) => file.endsWith('.sql'));

test('every function of the folder is in the list, as it stands there', () => {
  expect(files).not.toBeEmpty();
  expect(functions.map(({ name }) => `${name}.sql`).toSorted()).toEqual(files.toSorted());
  for (const { name, sql } of functions) expect(sql).toBe(readFileSync(join(import.meta.dir, `${name}.sql`), 'utf8'));
});

test('a file holds the one function of its name, which may be replaced', () => {
  for (const { name, sql } of functions) {
    expect(sql.match(/^CREATE .*?\(/gm)).toEqual([`CREATE OR REPLACE FUNCTION chat.${name}(`]);
  }
});
