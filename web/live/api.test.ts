import { afterAll, expect, test } from 'bun:test';
import { CallFailed, call } from './api.ts';

const answers: Record<string, () => Response> = {
  '/json': () => Response.json({ is: 'here' }),
  '/refused': () => Response.json({ detail: 'The name is taken' }, { status: 409 }),
  '/gateway': () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
  '/hotel': () => new Response('<h1>Your room number, please</h1>', { headers: { 'content-type': 'text/html' } }),
  '/broken': () => new Response('{"is":'),
};
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: ({ url }) => answers[new URL(url).pathname]?.() ?? new Response(null, { status: 404 }),
});
afterAll(() => server.stop(true));

const failureOf = async (url: string): Promise<CallFailed> => {
  const error: unknown = await call(url).catch((thrown: unknown) => thrown);
  if (error instanceof CallFailed) return error;
  throw new Error(`${url} did not fail as calls do`, { cause: error });
};

test('an answer is what its JSON says', async () => {
  expect(await call<{ is: string }>(`${server.url}json`)).toEqual({ is: 'here' });
});

test.each([
  ['refused', 'The name is taken', false],
  ['gateway', 'The server answered 502', true],
  ['hotel', 'There is no connection at the moment', true],
  ['broken', 'There is no connection at the moment', true],
])('%s: a person reads %j, and whether it may pass is %p', async (path, message, isPassing) => {
  expect(await failureOf(`${server.url}${path}`)).toMatchObject({ message, isPassing });
});

test('nobody there is no connection', async () => {
  expect(await failureOf('http://127.0.0.1:1/')).toMatchObject({ isPassing: true });
});
