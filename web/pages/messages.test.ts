/** Forms with files, as browsers without JavaScript send them. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Visitor } from '../testing/visitor.ts';
import { startTestWeb, type TestWeb } from '../testing/web.ts';

let web: TestWeb;
let ada: Visitor;
beforeAll(async () => {
  web = await startTestWeb();
  ada = web.visit();
  await ada.signIn('Ada');
});
afterAll(() => web.stop());

const send = (file: File): Promise<Response> => {
  const body = new FormData();
  body.set('form_token', ada.cookies.get('parley_form') ?? '');
  body.set('content', 'hello');
  body.append('files', file);
  const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { cookie, accept: 'text/html', 'sec-fetch-site': 'same-origin' };
  return fetch(`${web.origin}/rooms/general/messages`, { method: 'POST', body, redirect: 'manual', headers });
};

test('a rejected or empty file is explained in words', async () => {
  expect(await (await send(new File(['MZ'], 'x.exe'))).text()).toContain('Not sent. x.exe: Programs are not taken');
  const refused = await send(new File([], 'empty.txt'));
  expect([refused.status, await refused.text()]).toEqual([
    422,
    expect.stringContaining('Not sent. empty.txt: It is empty'),
  ]);
});

test('a form without a chosen file sends only its text', async () => {
  web.upstreams.asked.length = 0;
  expect((await send(new File([], ''))).status).toBe(303);
  const sent = web.upstreams.asked.filter(({ method }) => method === 'POST').map(({ path }) => path);
  expect(sent).toContain('/rooms/general/messages');
  expect(sent.filter((path) => path.startsWith('/upload'))).toEqual([]);
});
