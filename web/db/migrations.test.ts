import { expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from './migrations/index.ts';

test('the list of migrations has every step of the folder, in order', () => {
  const steps = readdirSync(join(import.meta.dir, 'migrations')).filter((name) => name.endsWith('.sql'));
  expect(steps).not.toBeEmpty();
  expect(migrations.steps.map(({ name }) => `${name}.sql`)).toEqual(steps.sort());
});
