/** Which proofs each operation needs when `AUTH_SECRET` is set. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { SESSION_COOKIE } from '@parley/kit/identity/cookies';
import { createIdentity } from '@parley/kit/identity/identity';
import type { RunningService } from '@parley/kit/process/run';
import { startReplica } from './testing/backends.ts';

const secret = 'a secret of more than 32 characters';
const identity = createIdentity(secret);
const acts = [
  ['POST', '/presence/ann/heartbeat'],
  ['POST', '/presence/ann/typing?room_id=general'],
  ['DELETE', '/presence/ann/typing?room_id=general'],
  ['POST', '/presence/ann/offline'],
  ['DELETE', '/presence/ann'],
] as const;
const reads = [
  ['GET', '/presence'],
  ['GET', '/presence/ann'],
  ['GET', '/presence/rooms/general/typing'],
] as const;

let service: RunningService;
beforeAll(async () => {
  service = await startReplica(`memory:${crypto.randomUUID()}`, { AUTH_SECRET: secret });
});
afterAll(() => service.stop());

const call = async (method: string, path: string, headers: Record<string, string> = {}) =>
  (await fetch(service.url + path, { method, headers })).status;
const bearer = async (userId: string) => ({ authorization: `Bearer ${await identity.sign(userId, 60)}` });

for (const [method, path] of [...acts, ...reads])
  test(`${method} ${path} needs a token`, async () => {
    expect(await call(method, path)).toBe(401);
    expect(await call(method, path, { authorization: 'Bearer nonsense' })).toBe(401);
    expect(await call(method, path, await bearer('ann'))).toBe(200);
  });

for (const [method, path] of acts)
  test(`${method} ${path} needs a token of that person, in a header or a cookie, or of a service`, async () => {
    expect(await call(method, path, await bearer('bob'))).toBe(403);
    expect(
      await call(method, path, {
        cookie: `${SESSION_COOKIE}=${await identity.sign('ann', 60)}`,
        'sec-fetch-site': 'same-origin',
      }),
    ).toBe(200);
    expect(await call(method, path, await identity.serviceHeaders('chat'))).toBe(200);
  });

for (const [method, path] of reads)
  test(`${method} ${path} is for anyone who is signed in`, async () => {
    expect(await call(method, path, await bearer('bob'))).toBe(200);
  });

test('health and documentation need no token', async () => {
  for (const path of ['/health', '/ready', '/docs', '/openapi.json']) expect(await call('GET', path)).toBe(200);
});
