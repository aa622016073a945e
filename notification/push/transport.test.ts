import { afterAll, expect, test } from 'bun:test';
import type { LookupAddress, lookup } from 'node:dns';
import { createTransport, ForbiddenEndpoint } from './transport.ts';

let reached = 0;
const inside = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: () => {
    reached += 1;
    return new Response('x'.repeat(1_000_000));
  },
});
afterAll(() => inside.stop(true));

/** A resolver that answers every name with these addresses. */
const resolvingTo = (...addresses: string[]) => {
  const answer: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const resolve = (_name: string, _options: unknown, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(null, answer);
  return resolve as typeof lookup;
};

const post = (endpoint: string, allowLoopback: boolean, resolveName?: typeof lookup): Promise<number> => {
  const transport = createTransport({
    policy: { allowLoopback },
    timeoutMs: 20_000,
    ...(resolveName ? { resolveName } : {}),
  });
  return transport({ endpoint, headers: {}, body: Buffer.from('x') });
};

test('an allowed endpoint is called and its status returned, its body left unread', async () => {
  const before = reached;
  expect(await post(`http://127.0.0.1:${inside.port}/`, true)).toBe(200);
  expect(await post(`http://localhost:${inside.port}/`, true, resolvingTo('127.0.0.1'))).toBe(200);
  expect(reached).toBe(before + 2);
});

test.each([['10.0.0.1'], ['169.254.169.254'], ['::1'], ['1.1.1.1', '10.0.0.1'], ['::ffff:192.168.0.1'], []])(
  'a name that resolves to %p, %p is not called',
  async (...addresses) => {
    const names = addresses.filter((address) => address !== undefined);
    const outcome = post('https://push.example.org/x', false, resolvingTo(...names));
    await expect(outcome).rejects.toThrow(ForbiddenEndpoint);
  },
);

test('a name that turned to this machine after it was subscribed is not called', async () => {
  const before = reached;
  await expect(post(`http://localhost:${inside.port}/`, true, resolvingTo('10.0.0.1'))).rejects.toThrow(
    ForbiddenEndpoint,
  );
  await expect(post(`http://127.0.0.1:${inside.port}/`, false)).rejects.toThrow(ForbiddenEndpoint);
  expect(reached).toBe(before);
});
