import { expect, test } from 'bun:test';
import { isReady } from './healthcheck.ts';

test('isReady is true while the service is ready, and false while it starts, stops or is gone', async () => {
  let status = 200;
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    routes: { '/ready': () => new Response(null, { status }) },
    fetch: () => new Response('not asked for', { status: 404 }),
  });
  const port = server.port ?? 0;
  expect(await isReady(port)).toBe(true);
  status = 503;
  expect(await isReady(port)).toBe(false);
  await server.stop(true);
  expect(await isReady(port)).toBe(false);
});
