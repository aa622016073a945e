/** Log lines of failed requests. */
import { expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import pino from 'pino';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { createCallers } from '../http/callers.ts';
import { platform } from '../http/platform.ts';
import { createHealth } from './health.ts';
import { createMetrics } from './metrics.ts';

test('a deliberate refusal is logged without a stack, a defect with it', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: {} }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const docs = { title: 'Test', description: 'Test', version: '1', serverUrl: '.' } as const;
  const parts = { log, health: createHealth(), metrics: createMetrics('t'), docs };
  const app = new Elysia()
    .use(platform({ service: 't', callers: createCallers({ host: '0.0.0.0', corsOrigin: '' }), ...parts }))
    .get('/full', () => {
      throw new Failure(errors.overloaded);
    })
    .get('/broken', () => {
      throw new Error('a fault of ours');
    });
  for (const path of ['/full', '/broken']) await app.handle(new Request(`http://localhost${path}`));
  expect(lines).toMatchObject([
    { event: 'request_failed', code: 'overloaded', error: expect.stringContaining('There is more to do') },
    { event: 'request_failed', code: 'internal', error: 'a fault of ours', stack: expect.any(String) },
  ]);
  expect(lines[0]).not.toHaveProperty('stack');
});
