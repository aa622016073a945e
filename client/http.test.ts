import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { getRoom, listMessages, sendMessage } from './api/chat.ts';
import { endpoint } from './endpoint.ts';
import { ParleyError } from './error.ts';
import { createHttp, type HttpOptions, type ObservedCall, socketUrlOf, urlOf } from './http.ts';

let answer: (request: Request) => Response | Promise<Response>;
let server: ReturnType<typeof Bun.serve>;

beforeAll(() => {
  server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => answer(request) });
});
afterAll(() => server.stop(true));

const url = () => server.url.origin;
const failureOf = async (call: Promise<unknown>): Promise<ParleyError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ParleyError)) throw new Error(`Not refused, but ${error}`);
  return error;
};

describe('a call', () => {
  test('puts its arguments where the endpoint says, and sends the token', async () => {
    const seen: { method: string; url: string; body: string; proof: string | null }[] = [];
    answer = async (request) => {
      const { pathname, search } = new URL(request.url);
      const proof = request.headers.get('authorization');
      seen.push({ method: request.method, url: pathname + search, body: await request.text(), proof });
      return Response.json([]);
    };
    let token: string | undefined = 'first';
    const call = createHttp({ urls: { chat: () => url() }, token: () => token });
    await call(listMessages, { room_id: 'a b/c', after: 3, limit: 2 });
    token = undefined;
    await call(sendMessage, { room_id: 'general', user_id: 'ada', content: 'Hi' });
    expect(seen).toEqual([
      { method: 'GET', url: '/rooms/a%20b%2Fc/messages?after=3&limit=2', body: '', proof: 'Bearer first' },
      { method: 'POST', url: '/rooms/general/messages', body: '{"user_id":"ada","content":"Hi"}', proof: null },
    ]);
  });

  test('goes to the gateway when its service has no address of its own', () => {
    const options: HttpOptions = { baseUrl: 'https://chat.example', urls: { file: 'http://files:8023' } };
    const at = (service: Parameters<typeof urlOf>[1], path: string) => urlOf(options, service, path);
    expect(at('chat', '/rooms')).toBe('https://chat.example/api/chat/rooms');
    expect(at('presence', '/presence?limit=2')).toBe('https://chat.example/api/presence?limit=2');
    expect(at('presence', '/presence/ada/heartbeat')).toBe('https://chat.example/api/presence/ada/heartbeat');
    expect(at('presence', '/health')).toBe('https://chat.example/api/presence/health');
    expect(at('notification', '/notifications/ada')).toBe('https://chat.example/api/notifications/ada');
    expect(at('notification', '/push/key')).toBe('https://chat.example/api/notifications/push/key');
    expect(at('file', '/upload')).toBe('http://files:8023/upload');
    expect(socketUrlOf(options, '/ws/a/b')).toBe('wss://chat.example/ws/a/b');
    expect(socketUrlOf({ urls: { chat: 'http://localhost:8020' } }, '/ws/a/b')).toBe('ws://localhost:8020/ws/a/b');
    expect(socketUrlOf({ baseUrl: 'HTTPS://chat.example//' }, '/ws/a/b')).toBe('wsS://chat.example/ws/a/b');
    expect(urlOf({ baseUrl: () => 'https://chat.example/' }, 'chat', '/rooms')).toBe(
      'https://chat.example/api/chat/rooms',
    );
    expect(() => socketUrlOf({}, '/ws/a/b')).toThrow('baseUrl');
  });

  test('rejects with the detail and code of the service, and whether to retry', async () => {
    const call = createHttp({ urls: { chat: url() } });
    const refusal = async (status: number, body: unknown, headers = {}) => {
      answer = () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
      const { detail, code, retryAfterMs, isRetryable, ...error } = await failureOf(call(getRoom, { room_id: 'a' }));
      return { status: error.status, detail, code, retryAfterMs, isRetryable };
    };
    expect(await refusal(404, { detail: 'No such room', code: 'unknown_room' })).toEqual({
      status: 404,
      detail: 'No such room',
      code: 'unknown_room',
      retryAfterMs: undefined,
      isRetryable: false,
    });
    expect(await refusal(429, { detail: 'Wait', code: 'rate_limited', retry_after_ms: 40 })).toMatchObject({
      retryAfterMs: 40,
      isRetryable: true,
    });
    expect(await refusal(503, { detail: 'Away', code: 'overloaded' }, { 'retry-after': '2' })).toMatchObject({
      retryAfterMs: 2_000,
      isRetryable: true,
    });
    expect(await refusal(503, { detail: 'Off', code: 'push_disabled' })).toMatchObject({ isRetryable: false });
    expect(await refusal(502, '<h1>Bad gateway</h1>')).toMatchObject({
      detail: 'The server answered 502',
      code: '',
      isRetryable: true,
    });
    expect(await refusal(400, 'null')).toMatchObject({ detail: 'The server answered 400', isRetryable: false });
  });

  test('rejects with status 0, as retryable, when the service does not answer', async () => {
    const gone = failureOf(createHttp({ urls: { chat: 'http://127.0.0.1:9' } })(getRoom, { room_id: 'a' }));
    expect(await gone).toMatchObject({ status: 0, isRetryable: true });
    const call = createHttp({ urls: { chat: url() }, timeoutMs: 50 });
    answer = () => new Response('<html>Log in to this hotel</html>', { headers: { 'content-type': 'text/html' } });
    expect(await failureOf(call(getRoom, { room_id: 'a' }, { timeoutMs: 10_000 }))).toMatchObject({ status: 0 });
    answer = () => new Response('{"id":');
    expect(await failureOf(call(getRoom, { room_id: 'a' }, { timeoutMs: 10_000 }))).toMatchObject({
      status: 0,
      detail: 'There is no connection at the moment',
      isRetryable: true,
    });
    answer = () => new Promise(() => undefined);
    const late = await failureOf(call(getRoom, { room_id: 'a' }));
    expect([late.status, (late.cause as Error).name]).toEqual([0, 'TimeoutError']);
  });

  test('rejects with the reason of the signal when its caller aborts it', async () => {
    answer = () => new Promise(() => undefined);
    const controller = new AbortController();
    const call = createHttp({ urls: { chat: url() } })(getRoom, { room_id: 'a' }, { signal: controller.signal });
    controller.abort(new Error('The page was left'));
    await expect(call).rejects.toThrow('The page was left');
  });

  test('is observed: its operation, status and duration', async () => {
    const calls: ObservedCall[] = [];
    const call = createHttp({ urls: { chat: () => url() }, observe: (each) => calls.push(each) });
    answer = () => Response.json({});
    await call(getRoom, { room_id: 'a' });
    answer = () => new Response('{}', { status: 500 });
    await failureOf(call(getRoom, { room_id: 'a' }));
    answer = () => new Response('no JSON');
    await failureOf(call(getRoom, { room_id: 'a' }));
    expect(calls.map(({ path, status }) => [path, status])).toEqual([200, 500, 0].map((s) => ['/rooms/:room_id', s]));
    for (const { durationMs } of calls) expect(durationMs).toBeGreaterThan(0);
  });

  test('sends form arguments as multipart', async () => {
    const upload = endpoint<{ file: Blob; by: string }, unknown>({
      service: 'file',
      method: 'POST',
      path: '/upload',
      query: ['by'],
      form: ['file'],
    });
    answer = async (request) => {
      const file = (await request.formData()).get('file');
      return Response.json({ search: new URL(request.url).search, text: file instanceof Blob && (await file.text()) });
    };
    const call = createHttp({ urls: { file: url() } });
    expect(await call(upload, { file: new Blob(['abc']), by: 'ada' })).toEqual({ search: '?by=ada', text: 'abc' });
  });
});
