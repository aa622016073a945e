/** Which requests pages of other origins may send, and which answers they may read. */
import { describe, expect, test } from 'bun:test';
import { Elysia } from 'elysia';
import { createHealth } from '../process/health.ts';
import { createLog } from '../process/log.ts';
import { createMetrics } from '../process/metrics.ts';
import { createCallers } from './callers.ts';
import { platform } from './platform.ts';

describe('pages of other origins', () => {
  const serve = (corsOrigin: string, more: { authSecret?: string } = {}) => {
    const callers = createCallers({ host: '127.0.0.1', corsOrigin, ...more });
    const parts = { log: createLog('t', 'silent'), health: createHealth(), metrics: createMetrics('t'), callers };
    const docs = { title: 'Test', description: 'Test', version: '1', serverUrl: '.' } as const;
    return new Elysia()
      .use(platform({ service: 't', docs, ...parts }))
      .get('/file', () => new Response('bytes', { headers: { vary: 'HX-Request' } }))
      .delete('/things', () => 'gone')
      .listen({ hostname: '127.0.0.1', port: 0 });
  };
  const ask = async (app: ReturnType<typeof serve>, origin: string, method = 'GET', path = '/health') => {
    const preflight = { 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'content-type' };
    const headers = { origin, ...(method === 'OPTIONS' ? preflight : {}) };
    const { status, headers: answered } = await fetch(new URL(path, app.server?.url), { method, headers });
    return { status, allowed: answered.get('access-control-allow-origin'), headers: answered };
  };

  test('in open mode pages of loopback may read, others are rejected, and the answer has Vary', async () => {
    const app = serve('');
    for (const method of ['GET', 'OPTIONS']) {
      const here = await ask(app, 'http://localhost:3000', method);
      expect([here.status < 300, here.allowed, here.headers.get('vary')]).toEqual([
        true,
        'http://localhost:3000',
        'Origin',
      ]);
      const other = await ask(app, 'https://evil.example', method);
      expect([other.status, other.allowed, other.headers.get('vary')]).toEqual([403, null, 'Origin']);
    }
    expect((await ask(app, 'http://localhost:3000', 'DELETE', '/things')).status).toBe(200);
    expect((await ask(app, 'https://evil.example', 'DELETE', '/things')).status).toBe(403);
    const { headers } = await ask(app, 'http://localhost:3000', 'OPTIONS');
    expect(headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(headers.get('access-control-allow-headers')).toBe('content-type');
    expect((await ask(app, 'http://localhost:3000', 'GET', '/nowhere')).allowed).toBe('http://localhost:3000');
    await app.stop(true);
  });

  test('a Response of a route varies by Origin besides its own Vary', async () => {
    const app = serve('');
    const { headers } = await ask(app, 'http://localhost:3000', 'GET', '/file');
    expect(headers.get('vary')?.split(/,\s*/).sort()).toEqual(['HX-Request', 'Origin']);
    await app.stop(true);
  });

  test('`*` allows all origins, without cookies and without Vary', async () => {
    const app = serve('*');
    const { allowed, headers } = await ask(app, 'https://any.example');
    expect([allowed, headers.get('vary'), headers.get('access-control-allow-credentials')]).toEqual(['*', null, null]);
    await app.stop(true);
  });

  test('with AUTH_SECRET only pages of named origins may read', async () => {
    const app = serve('https://app.example, https://b.example/', { authSecret: 'x'.repeat(32) });
    for (const origin of ['https://app.example', 'https://b.example']) {
      const { allowed, headers } = await ask(app, origin);
      expect([allowed, headers.get('access-control-allow-credentials')]).toEqual([origin, 'true']);
    }
    for (const origin of ['https://evil.example', 'http://localhost:3000'])
      for (const method of ['GET', 'OPTIONS']) expect((await ask(app, origin, method)).allowed).toBeNull();
    await app.stop(true);
  });

  test('another host name on loopback is rejected: DNS rebinding', async () => {
    const app = serve('');
    const response = await fetch(new URL('/health', app.server?.url), { headers: { host: 'evil.example' } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'foreign_host',
      detail: expect.stringContaining('evil.example'),
    });
    await app.stop(true);
  });
});
