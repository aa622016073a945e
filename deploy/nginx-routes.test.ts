import { expect, test } from 'bun:test';
import { nginxRoutes, routesFile } from './nginx-routes.ts';

test('nginx has the table of public paths as the code has it: bun run docs writes it anew', async () => {
  const text = await Bun.file(routesFile).text();
  expect(text).toContain(' chat;');
  expect(text).toBe(nginxRoutes());
});
