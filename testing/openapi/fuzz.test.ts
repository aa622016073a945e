import { expect, test } from 'bun:test';
import { createCallers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import { createHealth } from '@parley/kit/process/health';
import { createLog } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import { Elysia, t } from 'elysia';
import { fuzzOpenApi } from './fuzz.ts';

const docs = { title: 'Fuzzed', description: 'Fuzzed', version: '1', serverUrl: '.' } as const;

/** An app with one endpoint that calls `onText` with the text of the body. */
const appWith = (onText: (text: string) => void) =>
  new Elysia()
    .use(
      platform({
        service: 'fuzzed',
        log: createLog('fuzzed', 'silent'),
        health: createHealth(),
        metrics: createMetrics('fuzzed'),
        docs,
        callers: createCallers({ host: '0.0.0.0', corsOrigin: '*' }),
      }),
    )
    .post(
      '/texts/:id',
      ({ body: { text } }) => {
        onText(text);
        return { length: text.length };
      },
      {
        params: t.Object({ id: t.String() }),
        query: t.Object({ limit: t.Optional(t.Integer({ minimum: 1, maximum: 9 })) }),
        body: t.Object({ text: t.String(), size: t.Optional(t.Integer()) }),
        response: { 200: t.Object({ length: t.Integer() }) },
      },
    );

const options = { runs: 1_000, seed: 3, skip: (_: string, path: string) => !path.startsWith('/texts') };

test('an app that takes every input passes, having taken and refused some', async () => {
  const report = await fuzzOpenApi(
    appWith(() => undefined),
    options,
  );
  expect(Object.keys(report)).toEqual(['POST /texts/{id}']);
  const statuses = report['POST /texts/{id}'] ?? {};
  for (const status of [200, 400, 422]) expect(statuses[status]).toBeGreaterThan(0);
});

for (const [name, isBad] of [
  ['a NUL byte', (text: string) => text.includes('\0')],
  ['half of a surrogate pair', (text: string) => !text.isWellFormed()],
  ['a very long text', (text: string) => text.length > 10_000],
] as const) {
  test(`an app that fails on ${name} is found out`, async () => {
    const app = appWith((text) => {
      if (isBad(text)) throw new Error('The app broke');
    });
    await expect(fuzzOpenApi(app, options)).rejects.toThrow('Answered 500');
  });
}

test('an app that hangs is found out', async () => {
  const app = new Elysia()
    .get('/openapi.json', () => ({ paths: { '/slow': { get: { responses: { 200: {} } } } } }))
    .get('/slow', () => new Promise(() => undefined))
    .listen(0);
  try {
    await expect(
      fuzzOpenApi(`http://localhost:${app.server?.port}`, { runs: 1, answerWithinMs: 50 }),
    ).rejects.toThrow();
  } finally {
    await app.stop(true);
  }
});
