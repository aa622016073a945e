import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Elysia, t } from 'elysia';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { createHealth } from '../process/health.ts';
import { createLog } from '../process/log.ts';
import { createMetrics } from '../process/metrics.ts';
import { UserId } from '../text/text.ts';
import { MAX_BODY_BYTES } from './bodies.ts';
import { createCallers } from './callers.ts';
import { platform } from './platform.ts';

const app = new Elysia({ strictPath: true })
  .use(
    platform({
      service: 'platform-test',
      log: createLog('platform-test', 'silent'),
      health: createHealth(),
      metrics: createMetrics('platform-test'),
      docs: { title: 'Test', description: 'Test', version: '1', serverUrl: '.' },
      callers: createCallers({ host: '0.0.0.0', corsOrigin: '*' }),
    }),
  )
  .get('/users/:user_id', ({ params, query }) => ({ ...params, ...query }), {
    params: t.Object({ user_id: UserId }),
    query: t.Object({
      limit: t.Optional(t.Integer({ minimum: 1, maximum: 200, default: 50 })),
      unread: t.Optional(t.Boolean()),
      name: t.Optional(t.String()),
    }),
  })
  .get('/failing', () => {
    throw new Error('the password is swordfish');
  })
  .get('/away', () => Promise.reject(new Failure(errors.storage_unavailable)))
  .get('/limited', () => {
    throw new Failure(errors.rate_limited, undefined, { fields: { retry_after_ms: 1_500 } });
  })
  .post('/texts', ({ body }) => body, { body: t.Object({ text: t.String({ maxLength: 10 }), size: t.Integer() }) });

const get = async (path: string) => {
  const response = await app.handle(new Request(`http://localhost${path}`));
  return { status: response.status, body: await response.json() };
};
const post = async (body: string | Uint8Array<ArrayBuffer>) => {
  const headers = { 'content-type': 'application/json' };
  const response = await app.handle(new Request('http://localhost/texts', { method: 'POST', headers, body }));
  return { status: response.status, body: await response.json() };
};
const refusal = (detail: string) => ({ status: 422, body: { detail, code: 'invalid_input' } });

test('no cache keeps an answer, a refusal neither, unless its route says so', async () => {
  for (const path of ['/users/ann', '/health', '/openapi.json', '/failing', '/nothing'])
    expect([path, (await app.handle(new Request(`http://localhost${path}`))).headers.get('cache-control')]).toEqual([
      path,
      'no-store',
    ]);
  const style = await app.handle(new Request('http://localhost/docs/swagger-ui.css'));
  expect(style.headers.get('cache-control')).toBe('public, max-age=3600');
});

test('an address may hold any script, percent-encoded', async () => {
  const path = `/users/${encodeURIComponent('Zoë 🙂 100%')}?name=a+b%2Bc`;
  expect(await get(path)).toEqual({ status: 200, body: { user_id: 'Zoë 🙂 100%', limit: 50, name: 'a b+c' } });
});

for (const part of ['%ff', '%c3%28', '%ed%a0%80', '%zz', '%'])
  test(`an address with ${part} is refused, in its path and in its query`, async () => {
    const refused = refusal('The address is not percent-encoded UTF-8');
    expect(await get(`/users/${part}`)).toEqual(refused);
    expect(await get(`/users/ann?name=${part}`)).toEqual(refused);
  });

test('a body may hold any script, and a broken sequence in it is refused', async () => {
  expect(await post('{"text":"Zoë 🙂","size":1}')).toEqual({ status: 200, body: { text: 'Zoë 🙂', size: 1 } });
  const broken = Uint8Array.from([...Buffer.from('{"text":"'), 0xc3, 0x28, ...Buffer.from('","size":1}')]);
  expect(await post(broken)).toMatchObject({ status: 400, body: { code: 'invalid_json' } });
  expect(await post('{"text":')).toMatchObject({ status: 400, body: { code: 'invalid_json' } });
});

for (const [path, detail] of [
  ['/users/ann?limit=0', 'query limit: wants an integer from 1 to 200'],
  ['/users/ann?name=999&limit=999', 'query: wants an integer from 1 to 200'],
  ['/users/ann?limit=many', 'query limit: wants an integer from 1 to 200'],
  ['/users/ann?limit=2.5', 'query limit: wants an integer from 1 to 200'],
  ['/users/ann?unread=maybe', 'query unread: wants true or false'],
  ['/users/%00', 'path user_id: wants a user id: 1 to 100 characters of any script, no control characters'],
] as const)
  test(`${path} is refused with the field and what it wants`, async () => {
    expect(await get(path)).toEqual(refusal(detail));
  });

test('a body is refused with the field and what it wants', async () => {
  expect(await post('{"text":"abc"}')).toMatchObject({ body: { detail: expect.stringContaining('body size: ') } });
  expect(await post('{"text":"abc","size":"1.5"}')).toEqual(refusal('body size: wants an integer'));
  expect(await post('{"text":"abcdefghijk","size":1}')).toMatchObject({
    body: { detail: expect.stringContaining('body text: ') },
  });
  expect(await post('7')).toMatchObject({ status: 422, body: { detail: expect.stringContaining('body size: ') } });
});

test('an answer has the caller’s request id, or a new one if that is malformed', async () => {
  const idFor = async (given?: string) => {
    const headers = given === undefined ? {} : { 'x-request-id': given };
    return (await app.handle(new Request('http://localhost/health', { headers }))).headers.get('x-request-id');
  };
  expect(await idFor('from-the-gateway.1')).toBe('from-the-gateway.1');
  for (const given of [undefined, 'a b', 'x'.repeat(65), '<script>']) {
    expect(await idFor(given)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  }
});

test('an unknown address is 404, and a defect shows no details', async () => {
  expect(await get('/nowhere')).toEqual({
    status: 404,
    body: { code: 'not_found', detail: 'There is nothing at this address' },
  });
  const failed = await get('/failing');
  expect(failed).toMatchObject({ status: 500, body: { code: 'internal' } });
  expect(JSON.stringify(failed)).not.toContain('swordfish');
});

test('a rate limit has retry_after_ms in its body and Retry-After as header', async () => {
  const response = await app.handle(new Request('http://localhost/limited'));
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('2');
  expect(await response.json()).toMatchObject({ code: 'rate_limited', retry_after_ms: 1_500 });
  const away = await app.handle(new Request('http://localhost/away'));
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1']);
});

test('a body that is too large is rejected with a reason', async () => {
  const body = JSON.stringify({ text: 'x'.repeat(MAX_BODY_BYTES), size: 1 });
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  const response = await app.handle(new Request('http://localhost/texts', { method: 'POST', headers, body }));
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ code: 'too_large', detail: expect.stringContaining('256 KB') });
});

describe('listening', () => {
  beforeAll(() => {
    app.listen({ hostname: '127.0.0.1', port: 0 });
  });
  afterAll(() => app.stop());
  const post = (body: BodyInit, headers: Record<string, string>) =>
    fetch(new URL('/texts', app.server?.url), { method: 'POST', body, headers });

  test('a body without a content type is parsed as JSON, and every JSON type is accepted', async () => {
    const body = Buffer.from('{"text":"abc","size":1}');
    const types = [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/merge-patch+json',
    ];
    for (const headers of [{}, ...types.map((type) => ({ 'content-type': type }))])
      expect(await (await post(body, headers)).json()).toEqual({ text: 'abc', size: 1 });
    const chunked = new ReadableStream({
      start: (to) => {
        to.enqueue(body);
        to.close();
      },
    });
    expect(await (await post(chunked, {})).json()).toEqual({ text: 'abc', size: 1 });
  });

  test('a body of another content type is rejected with a reason, whatever its content', async () => {
    for (const type of [
      'text/plain',
      'text/plain;charset=application/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jason',
      'application/octet-stream',
      'application/json-seq',
      'json',
    ]) {
      const answer = await post('{"text":"abc","size":1}', { 'content-type': type });
      expect([type, answer.status]).toEqual([type, 415]);
      expect(await answer.json()).toMatchObject({
        code: 'wrong_media_type',
        detail: expect.stringContaining('takes application/json'),
      });
    }
  });

  test('an empty body is not rejected for its content type', async () => {
    expect((await post('', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(422);
  });

  test('a chunked body is rejected once it exceeds the limit', async () => {
    const chunk = Buffer.alloc(64 * 1_024, ' ');
    let sent = 0;
    const endless = new ReadableStream({
      pull: (to) => {
        if (sent > 40) to.close();
        else to.enqueue(chunk);
        sent += 1;
      },
    });
    const answer = await post(endless, { 'content-type': 'application/json' });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'too_large', detail: expect.stringContaining('256 KB') });
  });

  test('keys such as __proto__ are dropped from a body', async () => {
    const answer = await post('{"text":"abc","__proto__":{"size":1}}', { 'content-type': 'application/json' });
    expect(answer.status).toBe(422);
    expect((await answer.json()) as object).toMatchObject({ detail: expect.stringContaining('body size') });
  });

  test('JSON that is nested too deep is rejected, and the service lives on', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await post(deep, { 'content-type': 'application/json' })).status).toBeOneOf([400, 422]);
    const keys = `${'{"__proto__":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    expect((await post(keys, { 'content-type': 'application/json' })).status).toBeOneOf([400, 422]);
  });

  test('an address with a slash at its end is answered too', async () => {
    const ask = (path: string, init?: RequestInit) =>
      fetch(new URL(path, app.server?.url), { redirect: 'manual', ...init });
    expect(await (await ask('/users/ann/?limit=3')).json()).toEqual({ user_id: 'ann', limit: 3 });
    expect(await (await ask('/users/a%2Fb%3A/')).json()).toEqual({ user_id: 'a/b:', limit: 50 });
    expect((await ask('/users/ann/', { method: 'HEAD' })).status).toBe(200);
    const body = Buffer.from('{"text":"abc","size":1}');
    const moved = await ask('/texts/?a=b', { method: 'POST', body });
    expect([moved.status, moved.headers.get('location')]).toEqual([308, '../texts?a=b']);
    const followed = await ask('/texts/', { method: 'POST', body, redirect: 'follow' });
    expect(await followed.json()).toEqual({ text: 'abc', size: 1 });
    for (const path of ['/', '/nowhere/', '/users/', '/users//', '/users/ann//'])
      expect((await ask(path)).status).toBe(404);
    expect((await ask('/texts/', { method: 'DELETE' })).status).toBe(404);
  });

  test('/ready is 404 through a gateway', async () => {
    const ask = (headers: Record<string, string>) => fetch(new URL('/ready', app.server?.url), { headers });
    expect((await ask({})).status).toBe(503);
    const outside = await ask({ 'x-forwarded-for': '203.0.113.7' });
    expect([outside.status, await outside.json()]).toMatchObject([404, { code: 'not_found' }]);
  });

  const fetchPath = (path: string, method: string) => fetch(new URL(path, app.server?.url), { method });

  test('a method that an address doesn’t take is refused with those it takes', async () => {
    const response = await fetchPath('/users/ann', 'DELETE');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
    expect(await response.json()).toEqual({
      code: 'method_not_allowed',
      detail: 'This address takes GET, not DELETE',
    });
    expect((await fetchPath('/texts', 'GET')).headers.get('allow')).toBe('POST');
    expect((await fetchPath('/nowhere', 'DELETE')).status).toBe(404);
    expect((await fetchPath('/users/ann', 'HEAD')).status).toBe(200);
  });
});
