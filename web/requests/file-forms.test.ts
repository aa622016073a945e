/** Many forms with files at once, and slow ones: nobody can fill web's memory, or keep others from sending. */
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { connect, type Socket } from 'node:net';
import type { Visitor } from '../testing/visitor.ts';
import { startTestWeb, type TestWeb } from '../testing/web.ts';

const LARGE_BYTES = 11_000_000;

let web: TestWeb;
let sockets: Socket[];
beforeEach(async () => {
  web = await startTestWeb();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await web.stop();
});

const cookieOf = ({ cookies }: Visitor): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

const guest = async (name: string): Promise<Visitor> => {
  const visitor = web.visit();
  await visitor.signIn(name);
  return visitor;
};

/** Starts to send a form with a large file and never finishes. Resolves with the response, if there is one. */
const hold = (visitor: Visitor, address: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(web.origin).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('data', (data) => resolve(data.toString()));
    socket.on('error', () => undefined);
    const lines = [
      'POST /rooms/general/messages HTTP/1.1',
      'Host: localhost',
      'Sec-Fetch-Site: same-origin',
      `X-Forwarded-For: ${address}`,
      `Cookie: ${cookieOf(visitor)}`,
      'Content-Type: multipart/form-data; boundary=b',
      `Content-Length: ${LARGE_BYTES}`,
    ];
    socket.write(
      `${lines.join('\r\n')}\r\n\r\n--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nx`,
    );
  });

/** @param bytes the file's size; 0 sends no file */
const send = async (visitor: Visitor, address: string, bytes = 0): Promise<number> => {
  const body = new FormData();
  body.set('form_token', visitor.cookies.get('parley_form') ?? '');
  body.set('content', 'hello');
  if (bytes > 0) body.append('files', new File(['x'.repeat(bytes)], 'a.txt'));
  const headers = { cookie: cookieOf(visitor), 'sec-fetch-site': 'same-origin', 'x-forwarded-for': address };
  const answer = await fetch(`${web.origin}/rooms/general/messages`, {
    method: 'POST',
    body,
    redirect: 'manual',
    headers,
  });
  return answer.status;
};

test('a few of a user’s many forms with files are queued, the others refused before they are read', async () => {
  const mallory = await guest('Mallory');
  const answers = Array.from({ length: 12 }, () => hold(mallory, '203.0.113.66'));
  // One is being read, four are queued.
  const refused = await Promise.all(Array.from({ length: 7 }, (_, index) => nth(answers, index)));
  for (const answer of refused) expect(answer).toStartWith('HTTP/1.1 503');
});

/** Resolves with the response that arrives at this index, counted from 0. Others may never arrive. */
const nth = (answers: readonly Promise<string>[], index: number): Promise<string> =>
  new Promise((resolve) => {
    let count = 0;
    for (const answer of answers)
      void answer.then((text) => {
        if (count === index) resolve(text);
        count += 1;
      });
  });

test('many forms and many names of one address don’t keep another user from sending a file', async () => {
  for (let count = 0; count < 8; count += 1) void hold(await guest(`Mallory${count}`), '203.0.113.66');
  const ada = await guest('Ada');
  expect(await send(ada, '203.0.113.1', 1_000_000)).toBe(303);
});

test('a form with a text alone isn’t queued', async () => {
  const mallory = await guest('Mallory');
  for (let count = 0; count < 8; count += 1) void hold(mallory, '203.0.113.66');
  expect(await send(mallory, '203.0.113.66')).toBe(303);
  expect(await send(await guest('Bob'), '203.0.113.66')).toBe(303);
});

test('a closed connection frees its place in the queue', async () => {
  const mallory = await guest('Mallory');
  void hold(mallory, '203.0.113.66');
  const sending = send(mallory, '203.0.113.66', 1_000_000);
  for (const socket of sockets) socket.destroy();
  expect(await sending).toBe(303);
});
