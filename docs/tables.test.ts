import { expect, test } from 'bun:test';
import { page, withTables } from './tables.ts';

test('operating.md lists every variable and size as the code has them: bun run docs writes them anew', async () => {
  const text = await Bun.file(page).text();
  expect(text).toContain('`AUTH_SECRET`');
  expect(text).toBe(await withTables(text));
});
