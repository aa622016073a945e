import { afterAll, describe, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import { dial } from '@parley/kit/network/dial';
import { rawText } from '@parley/testing/network/raw-http';
import { perService } from '../services.ts';
import { type Gateway, startGateway } from './gateway.ts';

interface Opened {
  readonly headers: Record<string, string>;
}

/** A service that answers each request with a description of it, and echoes frames of sockets. */
const startEcho = () =>
  Bun.serve<Opened>({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request, server) {
      const { pathname, search } = new URL(request.url);
      const headers = Object.fromEntries(request.headers);
      if (pathname === '/ws/refused/alice') return new Response('no', { status: 403 });
      if (pathname.startsWith('/ws/'))
        return server.upgrade(request, { data: { headers } }) ? undefined : new Response('no socket', { status: 400 });
      if (pathname === '/gzip')
        return new Response(gzipSync('packed'), {
          headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' },
        });
      if (pathname.endsWith('/marked')) return new Response('page', { headers: { 'parley-page': '1' } });
      if (pathname === '/moved') return Response.redirect('/elsewhere', 303);
      if (pathname === '/two-cookies')
        return new Response('', {
          headers: [
            ['set-cookie', 'a=1; Path=/'],
            ['set-cookie', 'b=2; Path=/'],
          ],
        });
      return Response.json({ method: request.method, path: pathname + search, headers, body: await request.text() });
    },
    websocket: {
      open: (ws) => {
        ws.send(JSON.stringify(ws.data.headers));
      },
      message: (ws, frame) => {
        if (frame === 'drop') ws.terminate();
        else if (typeof frame === 'string' && frame.startsWith('close ')) ws.close(Number(frame.slice(6)), 'because');
        else ws.send(frame);
      },
    },
  });

const echo = startEcho();
const url = `http://127.0.0.1:${echo.port}`;
const gateway: Gateway = startGateway({
  host: '127.0.0.1',
  port: 0,
  services: perService(() => url),
});
const away = startGateway({
  host: '127.0.0.1',
  port: 0,
  services: { ...perService(() => url), chat: 'http://127.0.0.1:1' },
});

afterAll(async () => {
  await gateway.stop();
  await away.stop();
  await echo.stop(true);
});

const origin = `http://127.0.0.1:${gateway.port}`;

test('a request that names no host is forwarded', async () => {
  const { status, body } = await rawText(gateway.port, 'GET /sent?a=1 HTTP/1.0\r\n\r\n');
  expect([status, JSON.parse(body).path]).toEqual([200, '/sent?a=1']);
});

interface Conversation {
  readonly socket: Bun.WebSocket;
  readonly frames: (string | Buffer)[];
  heard(count: number): Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
}

const converse = async (path: string, options: Bun.WebSocketOptions = {}): Promise<Conversation> => {
  const socket = dial(`ws://127.0.0.1:${gateway.port}${path}`, options);
  socket.binaryType = 'nodebuffer';
  const frames: (string | Buffer)[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  socket.addEventListener('message', ({ data }) => {
    frames.push(data as string | Buffer);
    for (const { count, resolve } of waiting) if (frames.length >= count) resolve();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason })),
  );
  const heard = (count: number) =>
    new Promise<void>((resolve) => {
      if (frames.length >= count) resolve();
      else waiting.push({ count, resolve });
    });
  await heard(1);
  return { socket, frames, heard, closed };
};

describe('requests through the gateway', () => {
  test('pass for pages only where web answers', async () => {
    expect((await fetch(`${origin}/marked`)).headers.get('parley-page')).toBe('1');
    for (const path of ['/api/files/marked', '/api/chat/rooms/marked']) {
      const answer = await fetch(origin + path);
      expect([answer.status, answer.headers.get('parley-page')]).toEqual([200, null]);
    }
  });

  test('keep method, query, body and headers, and say where they come from', async () => {
    const response = await fetch(`${origin}/api/chat/rooms?limit=5`, {
      method: 'POST',
      body: 'hello',
      headers: { cookie: 'a=1', authorization: 'Bearer x', 'x-request-id': 'r-1' },
    });
    const seen = (await response.json()) as { method: string; path: string; body: string; headers: Opened['headers'] };
    expect(seen).toMatchObject({ method: 'POST', path: '/rooms?limit=5', body: 'hello' });
    expect(seen.headers).toMatchObject({
      cookie: 'a=1',
      authorization: 'Bearer x',
      'x-request-id': 'r-1',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${gateway.port}`,
      host: `127.0.0.1:${gateway.port}`,
    });
  });

  test('come back as they are: packed bodies, redirects, several cookies', async () => {
    const packed = await fetch(`${origin}/gzip`, { decompress: false });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(await (await fetch(`${origin}/gzip`)).text()).toBe('packed');
    const moved = await fetch(`${origin}/moved`, { redirect: 'manual' });
    expect([moved.status, moved.headers.get('location')]).toEqual([303, '/elsewhere']);
    expect((await fetch(`${origin}/two-cookies`)).headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
  });

  test('may carry far more than a service takes, so that the service says what is too large', async () => {
    const body = 'x'.repeat(20 * 1_024 * 1_024);
    const response = await fetch(`${origin}/api/files/upload`, { method: 'POST', body });
    expect(((await response.json()) as { body: string }).body.length).toBe(body.length);
  });

  test('get 502 while the service is away, and 404 for what is not public', async () => {
    const response = await fetch(`http://127.0.0.1:${away.port}/api/chat/rooms`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'service_away' });
    expect((await fetch(`${origin}/api/chat/metrics`)).status).toBe(404);
  });
});

describe('sockets through the gateway', () => {
  test('carry text and binary frames both ways in order, and the headers of the handshake', async () => {
    const { socket, frames, heard } = await converse('/ws/general/alice', {
      headers: { cookie: 'parley_session=t', authorization: 'Bearer x' },
    });
    const sent = Array.from({ length: 500 }, (_, index) => (index % 2 ? Buffer.from([index % 256]) : `frame ${index}`));
    for (const frame of sent) socket.send(frame as string);
    await heard(501);
    expect(JSON.parse(String(frames[0]))).toMatchObject({
      cookie: 'parley_session=t',
      authorization: 'Bearer x',
      host: `127.0.0.1:${gateway.port}`,
      'x-forwarded-for': '127.0.0.1',
    });
    expect(frames.slice(1)).toEqual(sent);
    socket.close();
  });

  test('close with the code and the reason that the service gives', async () => {
    for (const code of [1000, 1009, 1012, 1013, 4004]) {
      const { socket, closed } = await converse('/ws/general/alice');
      socket.send(`close ${code}`);
      expect(await closed).toEqual({ code, reason: 'because' });
    }
  });

  test('end when the service drops them', async () => {
    const { socket, closed } = await converse('/ws/general/alice');
    socket.send('drop');
    expect((await closed).code).toBe(1006);
  });

  test('end at the service when the client goes', async () => {
    const { socket, closed } = await converse('/ws/general/alice');
    expect(echo.pendingWebSockets).toBeGreaterThan(0);
    socket.close(1000);
    await closed;
    while (echo.pendingWebSockets > 0) await Bun.sleep(5);
  });

  test('are refused where the service refuses or is away', async () => {
    for (const address of [`ws://127.0.0.1:${gateway.port}/ws/refused/alice`, `ws://127.0.0.1:${away.port}/ws/a/b`]) {
      const socket = dial(address, {});
      const code = await new Promise((resolve) => socket.addEventListener('close', (event) => resolve(event.code)));
      expect(code).not.toBe(1000);
    }
  });
});
