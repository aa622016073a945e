import { expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { Elysia } from 'elysia';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { createCallers } from '../http/callers.ts';
import { platform } from '../http/platform.ts';
import { createHealth } from './health.ts';
import { createLog } from './log.ts';
import { createMetrics, serveMetrics } from './metrics.ts';

const createApp = (service: string, metrics = createMetrics(service)) =>
  new Elysia()
    .use(
      platform({
        service,
        log: createLog(service, 'silent'),
        health: createHealth(),
        metrics,
        docs: { title: 'Test', description: 'Test', version: '1', serverUrl: '.' },
        callers: createCallers({ host: '0.0.0.0', corsOrigin: '*' }),
      }),
    )
    .get('/rooms/:id', ({ params }) => {
      if (params.id === 'none') throw new Failure(errors.not_found);
      return 'room';
    });

const textOf = async (app: ReturnType<typeof createApp>, path: string) =>
  (await app.handle(new Request(`http://localhost${path}`))).text();

test('requests are counted by route, not by address: a client can’t create new series', async () => {
  const metrics = createMetrics('chat');
  const app = createApp('chat', metrics);
  for (const id of ['a', 'b', 'none']) await textOf(app, `/rooms/${id}`);
  for (const path of ['/nowhere', '/elsewhere']) await textOf(app, path);
  await eventually(async () => {
    const lines = (await metrics.registry.metrics()).split('\n');
    const countOf = (labels: string) =>
      lines.find((line) => line.startsWith('parley_http_request_duration_seconds_count') && line.includes(labels));
    expect(countOf('route="/rooms/:id",status="200"')).toEndWith(' 2');
    expect(countOf('route="/rooms/:id",status="404"')).toEndWith(' 1');
    expect(countOf('route="unmatched",status="404"')).toEndWith(' 2');
    expect(lines.filter((line) => line.includes('nowhere'))).toEqual([]);
  });
});

test('services in one process have separate series', async () => {
  const [chat, file] = [createMetrics('chat'), createMetrics('file')];
  createApp('file', file);
  await textOf(createApp('chat', chat), '/rooms/a');
  await eventually(async () => expect(await chat.registry.metrics()).toContain('route="/rooms/:id",status="200"'));
  const text = await file.registry.metrics();
  expect(text).toContain('service="file"');
  expect(text).not.toContain('service="chat"');
  expect(text).not.toContain('/rooms/:id');
});

test('metrics are served on a separate port only, and nothing else there', async () => {
  const metrics = createMetrics('chat');
  const served = serveMetrics(metrics, '127.0.0.1', 0);
  const app = createApp('chat', metrics).listen({ hostname: '127.0.0.1', port: 0 });
  expect(await (await fetch(served.url)).text()).toContain('process_cpu_seconds_total{service="chat"}');
  for (const path of ['/', '/metrics/', '/health', '/metrics/x', '/feeds', '/toString'])
    expect((await fetch(new URL(path, served.url))).status).toBe(404);
  expect((await fetch(served.url, { method: 'POST' })).status).toBe(404);
  expect((await fetch(served.url, { headers: { host: 'evil.example' } })).status).toBe(403);
  for (const path of ['/metrics', '/metrics/', '/%6detrics'])
    expect((await fetch(new URL(path, app.server?.url))).status).toBe(404);
  await served.stop();
  await app.stop(true);
});
