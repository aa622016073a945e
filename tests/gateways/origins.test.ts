/** Behind either gateway a service accepts requests and sockets of its own origin's pages, and of no others. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startChat } from '@parley/chat/main';
import { SESSION_COOKIE } from '@parley/kit/identity/cookies';
import { createIdentity } from '@parley/kit/identity/identity';
import { dial } from '@parley/kit/network/dial';
import type { RunningService } from '@parley/kit/process/run';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { type Nginx, startNginx } from '@parley/testing/servers/nginx';
import { describeWith } from '@parley/testing/servers/servers';
import { type Gateway, startGateway } from '../../dev/gateway.ts';
import { perService } from '../../services.ts';

const AUTH_SECRET = 'a secret of at least thirty-two characters';

describeWith(['nginx'], 'behind a gateway', () => {
  let chat: RunningService;
  let nginx: Nginx;
  let gateway: Gateway;
  let cookie = '';

  beforeAll(async () => {
    const stores = { DATABASE_URL: newEmbeddedUrl(), REDIS_URL: `memory:${crypto.randomUUID()}` };
    chat = startChat({ PORT: '0', LOG_LEVEL: 'silent', AUTH_SECRET, ...stores });
    await chat.ready;
    const url = `http://127.0.0.1:${chat.port}`;
    nginx = await startNginx({ ports: perService(() => chat.port) });
    gateway = startGateway({ host: '127.0.0.1', port: 0, services: perService(() => url) });
    cookie = `${SESSION_COOKIE}=${await createIdentity(AUTH_SECRET).sign('ann', 60)}`;
  });
  afterAll(async () => {
    await nginx?.close();
    await gateway?.stop();
    await chat?.stop();
  });

  const ports = () =>
    [
      ['nginx', nginx.port],
      ['the development gateway', gateway.port],
    ] as const;

  /** The close code of a page's socket; `in` when the socket receives frames. */
  const socketOf = (port: number, headers: Record<string, string>): Promise<number | 'in'> => {
    const socket = dial(`ws://localhost:${port}/ws/general/ann?since=0`, { headers: { cookie, ...headers } });
    const { promise, resolve } = Promise.withResolvers<number | 'in'>();
    socket.addEventListener('message', () => resolve('in'));
    socket.addEventListener('close', ({ code }) => resolve(code));
    return promise.finally(() => socket.terminate());
  };
  const post = async (port: number, headers: Record<string, string>): Promise<number> => {
    const body = JSON.stringify({ user_id: 'ann', username: 'Ann', content: 'hello' });
    const all = { cookie, 'content-type': 'application/json', ...headers };
    return (
      await fetch(`http://localhost:${port}/api/chat/rooms/general/messages`, { method: 'POST', body, headers: all })
    ).status;
  };

  test('a page of its origin is its own, without Sec-Fetch-Site as with it', async () => {
    for (const [name, port] of ports())
      for (const own of [{ origin: `http://localhost:${port}` }, { 'sec-fetch-site': 'same-origin' }])
        expect([name, await post(port, own), await socketOf(port, own)]).toEqual([name, 201, 'in']);
  });

  test('a page of another port, or one that claims its origin in a header that pages can’t set, is not', async () => {
    for (const [name, port] of ports())
      for (const other of [
        { origin: 'http://localhost:1' },
        { origin: `http://localhost:${chat.port}` },
        { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
        {},
      ])
        expect([name, await post(port, other), await socketOf(port, other)]).toEqual([name, 403, 4_003]);
  });
});
