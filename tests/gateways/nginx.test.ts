/** nginx with the project's configuration, in front of services that answer with a description of each request. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rawRequest, rawText } from '@parley/testing/network/raw-http';
import { type Nginx, startNginx } from '@parley/testing/servers/nginx';
import { describeWith } from '@parley/testing/servers/servers';
import { publicRoutes } from '../../dev/gateway-routes.examples.ts';
import { type ServiceName, serviceNames } from '../../services.ts';

interface Echoed {
  readonly service: ServiceName;
  readonly path: string;
  readonly length: number;
  readonly headers: Record<string, string>;
}

/** The service of each request, in order. */
const asked: string[] = [];

const echo = (service: ServiceName) =>
  Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    maxRequestBodySize: 1_024 ** 3,
    async fetch(request) {
      asked.push(`${service} ${request.method}`);
      const path = request.url.slice(request.url.indexOf('/', 8));
      const length = (await request.arrayBuffer()).byteLength;
      return Response.json({ service, path, length, headers: Object.fromEntries(request.headers) });
    },
  });

describeWith(['nginx'], 'the gateway', () => {
  const services = serviceNames.map((name) => ({ name, server: echo(name) }));
  const ports = Object.fromEntries(services.map(({ name, server }) => [name, server.port ?? 0]));
  let nginx: Nginx;

  beforeAll(async () => {
    nginx = await startNginx({ ports });
  });
  afterAll(async () => {
    await nginx?.close();
    await Promise.all(services.map(({ server }) => server.stop(true)));
  });
  const ask = (path: string, init: RequestInit = {}) => fetch(nginx.url + path, { redirect: 'manual', ...init });
  const post = (path: string, size: number, init: RequestInit = {}) =>
    ask(path, { method: 'POST', body: new Uint8Array(size), ...init });

  test('sends every public path where the table says, encoded as it came', async () => {
    for (const { path, service, becomes } of publicRoutes) {
      const { service: got, path: seen } = (await (await ask(`${path}?limit=5&q=%2F`)).json()) as Echoed;
      expect([path, got, seen]).toEqual([path, service, `${becomes}?limit=5&q=%2F`]);
    }
  });

  test('a probe by HTTP/1.0, which names no host, is answered', async () => {
    const { status, body } = await rawText(nginx.port, 'GET /health HTTP/1.0\r\n\r\n');
    const { service, headers } = JSON.parse(body) as Echoed;
    expect([status, service, headers.host]).toEqual([200, 'web', 'localhost']);
  });

  test('a method that nobody knows is refused at once, and reaches no service', async () => {
    for (const path of ['/', '/rooms/x', '/api/chat/rooms', '/.fault%20FOO'])
      for (const method of ['FOO', 'PROPFIND', 'TRACE', 'CONNECT', 'get', 'GETS']) {
        asked.length = 0;
        const { status } = await rawRequest(nginx.port, `${method} ${path}`);
        expect([method, path, [400, 405].includes(status), asked]).toEqual([method, path, true, []]);
      }
  });

  const hasHeaders = (headers: Headers) =>
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-request-id': expect.any(String),
    });

  test('its own answers have the headers of all others, and say what is wrong as JSON', async () => {
    const cases = [
      ['GET /api/chat/nothing', {}, 404, 'not_found'],
      ['GET /api/chat/x.html', { accept: 'text/html' }, 404, 'not_found'],
      ['FOO /api/chat/rooms', {}, 405, 'method_not_allowed'],
      ['POST /api/chat/rooms', { 'content-length': '99999999' }, 413, 'too_large'],
      ['GET /api/chat/rooms', { host: 'a b' }, 400, 'invalid_input'],
      ['GET /%00', {}, 400, 'invalid_input'],
      [`GET /${'x'.repeat(9_000)}`, {}, 414, 'invalid_input'],
      ['GET /', { cookie: 'x'.repeat(40_000) }, 400, 'invalid_input'],
    ] as const;
    for (const [head, headers, status, code] of cases) {
      const answer = await rawRequest(nginx.port, head, headers);
      expect([head.slice(0, 40), answer.status, answer.headers.get('content-type')]).toEqual([
        head.slice(0, 40),
        status,
        'application/json',
      ]);
      expect(JSON.parse(answer.body)).toEqual({ detail: expect.any(String), code });
      hasHeaders(answer.headers);
    }
  });

  test('a person gets a page of it', async () => {
    const answer = await rawRequest(nginx.port, 'FOO /rooms/general', { accept: 'text/html' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([405, 'text/html; charset=utf-8']);
    expect(answer.body).toContain('<a href="/">To the conversation</a>');
    hasHeaders(answer.headers);
  });

  test('bodies are bounded by what they are for', async () => {
    const lengthOf = async (answer: Response) => ((await answer.json()) as Echoed).length;
    for (const path of ['/api/chat/rooms', '/api/notifications', '/api/presence/ann/offline', '/api/files/x']) {
      expect((await post(path, 256 * 1_024)).status).toBe(200);
      expect((await post(path, 300 * 1_024)).status).toBe(413);
    }
    for (const path of ['/sign-in/', '/account', '/theme', '/rooms/general/messages/1/edit', '/nothing']) {
      expect([path, (await post(path, 64 * 1_024)).status]).toEqual([path, 200]);
      expect([path, (await post(path, 80 * 1_024)).status]).toEqual([path, 413]);
    }
    const file = 11 * 1_024 * 1_024;
    for (const path of ['/api/files/upload', '/rooms/general/messages'])
      expect(await lengthOf(await post(path, file))).toBe(file);
    expect((await post('/api/files/upload', 65 * 1_024 * 1_024)).status).toBe(413);
  });

  test('signing in is limited per address in every spelling, with words and a time to wait', async () => {
    const limited = await startNginx({ ports });
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const path = ['/sign-in', '/sign-in/', '/%73ign-in', '//sign-in', '/account'][index % 5] ?? '';
        return rawRequest(limited.port, `POST ${path}`, { 'content-length': '0' });
      }),
    );
    const refused = statuses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(5);
    for (const { headers, body } of refused) {
      hasHeaders(headers);
      expect(headers.get('retry-after')).toBe('1');
      expect(JSON.parse(body)).toMatchObject({ code: 'rate_limited' });
    }
    const others = await Promise.all(Array.from({ length: 30 }, () => rawRequest(limited.port, 'GET /sign-in')));
    expect(others.filter(({ status }) => status === 429)).toEqual([]);
    await limited.close();
  });

  test('a /64 of IPv6 addresses is one address', async () => {
    const real = 'set_real_ip_from 127.0.0.1;\n    real_ip_header X-Test-Address;';
    const behind = await startNginx({
      ports,
      change: (text) => text.replace('include nginx.listen.conf;', `include nginx.listen.conf;\n    ${real}`),
    });
    const refusedOf = async (addressOf: (index: number) => string) => {
      const answers = Array.from({ length: 30 }, (_, index) =>
        rawRequest(behind.port, 'POST /sign-in', { 'content-length': '0', 'x-test-address': addressOf(index) }),
      );
      return (await Promise.all(answers)).filter(({ status }) => status === 429).length;
    };
    expect(await refusedOf((index) => `2001:db8:0:1::${index}`)).toBeGreaterThan(5);
    expect(await refusedOf((index) => `2001:db8:${index}:2:${index}::1`)).toBe(0);
    expect(await refusedOf((index) => `198.51.100.${index}`)).toBe(0);
    await behind.close();
  });

  test('a body that comes too slowly is cut off, and reaches no service', async () => {
    const quick = await startNginx({
      ports,
      change: (text) => text.replace('client_body_timeout 10s', 'client_body_timeout 1s'),
    });
    asked.length = 0;
    const { status } = await rawRequest(quick.port, 'POST /api/chat/rooms', { 'content-length': '10' });
    expect([status, asked]).toEqual([0, []]);
    await quick.close();
  });

  test('one address holds only so many requests with a body at once', async () => {
    const held = Array.from({ length: 80 }, () =>
      rawRequest(nginx.port, 'POST /api/chat/rooms', { 'content-length': '10' }),
    );
    const first = await Promise.any(held.map(async (each) => ((await each).status === 429 ? 429 : Promise.reject())));
    expect(first).toBe(429);
    expect((await ask('/api/chat/rooms')).status).toBe(200);
    const statuses = (await Promise.all(held)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBe(16);
  });

  test('a service that is away is told of in words, to programs and to people', async () => {
    const away = await startNginx({ ports: { ...ports, chat: 1, web: 1 } });
    const api = await fetch(`${away.url}/api/chat/rooms`);
    expect([api.status, await api.json()]).toMatchObject([502, { code: 'service_away' }]);
    hasHeaders(api.headers);
    const page = await fetch(`${away.url}/rooms/general`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    hasHeaders(page.headers);
    await away.close();
  });
});
