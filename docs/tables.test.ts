import { expect, test } from 'bun:test';
import { writtenPages } from './tables.ts';

test('the pages have their tables as the code has them: bun run docs writes them anew', async () => {
  const pages = await writtenPages();
  const texts = pages.map(({ text }) => text).join('\n');
  for (const listed of ['`AUTH_SECRET`', '`rate_limited`']) expect(texts).toContain(listed);
  for (const { text, wanted } of pages) expect(text).toBe(wanted);
});
