import { expect, test } from 'bun:test';
import { rawRequest } from '@parley/testing/network/raw-http';
import { Elysia } from 'elysia';
import { createCallers } from '../http/callers.ts';
import { platform } from '../http/platform.ts';
import { createHealth } from '../process/health.ts';
import { createLog } from '../process/log.ts';
import { createMetrics } from '../process/metrics.ts';
import { requestUrl } from './request-url.ts';

test.each([
  ['http://chat.example:8080/rooms?limit=1', 'http://chat.example:8080/rooms?limit=1'],
  ['/rooms?limit=1', 'http://localhost/rooms?limit=1'],
  ['//rooms', 'http://localhost//rooms'],
  ['http://a:99999/rooms', 'http://localhost/rooms'],
])('%s is %s', (url, whole) => {
  expect(requestUrl(url).href).toBe(whole);
});

const listen = () => {
  const parts = platform({
    service: 'request-url-test',
    log: createLog('request-url-test', 'silent'),
    health: createHealth(),
    metrics: createMetrics('request-url-test'),
    docs: { title: 'Test', description: 'Test', version: '1', serverUrl: '.' },
    callers: createCallers({ host: '0.0.0.0', corsOrigin: '*' }),
    closesSockets: '/ws/',
  });
  return new Elysia({ strictPath: true })
    .use(parts)
    .post('/texts', ({ body }) => ({ body }))
    .listen({ port: 0, hostname: '127.0.0.1' });
};

test.each(['', 'a b', 'a">', 'u@h/x?', 'a:99999'])('a host that is none, %j, makes no error of ours', async (host) => {
  const app = listen();
  const port = app.server?.port ?? 0;
  const ask = async (head: string) => (await rawRequest(port, head, { host })).status;
  try {
    expect(await ask('GET /health')).toBe(200);
    expect(await ask('GET /health/')).toBe(200);
    expect(await ask('GET /texts')).toBe(405);
    expect(await ask('GET /nothing')).toBe(404);
  } finally {
    await app.stop(true);
  }
});
