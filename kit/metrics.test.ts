import { expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { createCallers } from './callers.ts';
import { Failure } from './errors.ts';
import { createHealth } from './health.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { platform } from './platform.ts';
import { eventually } from './testing/eventually.ts';

const createApp = (service: string) =>
  new Elysia()
    .use(
      platform({
        service,
        log: createLog(service, 'silent'),
        health: createHealth(),
        metrics: createMetrics(service),
        docs: { title: 'Test', description: 'Test', version: '1', serverUrl: '.' },
        callers: createCallers({ host: '0.0.0.0', corsOrigin: '*' }),
      }),
    )
    .get('/rooms/:id', ({ params }) => {
      if (params.id === 'none') throw new Failure('unknown_room');
      return 'room';
    });

const textOf = async (app: ReturnType<typeof createApp>, path: string) =>
  (await app.handle(new Request(`http://localhost${path}`))).text();

test('requests are counted by route, not by address, so that strangers can’t make series', async () => {
  const app = createApp('chat');
  for (const id of ['a', 'b', 'none']) await textOf(app, `/rooms/${id}`);
  for (const path of ['/nowhere', '/elsewhere']) await textOf(app, path);
  await eventually(async () => {
    const lines = (await textOf(app, '/metrics')).split('\n');
    const countOf = (labels: string) =>
      lines.find((line) => line.startsWith('parley_http_request_duration_seconds_count') && line.includes(labels));
    expect(countOf('route="/rooms/:id",status="200"')).toEndWith(' 2');
    expect(countOf('route="/rooms/:id",status="404"')).toEndWith(' 1');
    expect(countOf('route="unmatched",status="404"')).toEndWith(' 2');
    expect(lines.filter((line) => line.includes('nowhere'))).toEqual([]);
  });
});

test('services of one process have series of their own', async () => {
  const [chat, file] = [createApp('chat'), createApp('file')];
  await textOf(chat, '/rooms/a');
  await eventually(async () => expect(await textOf(chat, '/metrics')).toContain('route="/rooms/:id",status="200"'));
  const text = await textOf(file, '/metrics');
  expect(text).toContain('service="file"');
  expect(text).not.toContain('service="chat"');
  expect(text).not.toContain('/rooms/:id');
});
