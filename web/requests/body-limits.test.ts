/** Bodies are rejected before they are read: every request here sends only its head. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { rawRequest } from '@parley/testing/network/raw-http';
import { startTestWeb, type TestWeb } from '../testing/web.ts';

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.stop());

const FILE = String(11 * 1_024 * 1_024);
const form = { 'content-type': 'multipart/form-data; boundary=x', 'content-length': FILE };
const post = (path: string, headers: Record<string, string>) =>
  rawRequest(Number(new URL(web.origin).port), `POST ${path}`, { accept: 'text/html', ...headers });

test('forms without files are limited to a small size, whatever their content type', async () => {
  for (const path of ['/sign-in', '/sign-out', '/account', '/theme', '/rooms/general/messages/1/edit', '/nowhere'])
    for (const type of [form['content-type'], 'application/x-www-form-urlencoded', 'application/json'])
      expect([path, type, (await post(path, { ...form, 'content-type': type })).status]).toEqual([path, type, 413]);
  expect((await post('/sign-in', { ...form, 'content-type': 'text/plain' })).status).toBe(415);
});

test('a form with files is read only for a signed-in user', async () => {
  const answer = await post('/rooms/general/messages', form);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?next=%2F']);
  expect((await post('/rooms/general/messages', { ...form, 'content-length': '13000000' })).status).toBe(413);
});

test('and only from a page of this origin', async () => {
  const ada = web.visit();
  await ada.signIn('Ada');
  const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const from of [{}, { origin: 'http://localhost:1' }, { 'sec-fetch-site': 'same-site' }])
    expect((await post('/rooms/general/messages', { ...form, cookie, ...from })).status).toBe(403);
});

test('inherited fields can’t be smuggled into a form', async () => {
  const visitor = web.visit();
  await visitor.get('/');
  const token = visitor.cookies.get('parley_form') ?? '';
  for (const body of [
    `form_token=${token}&__proto__[name]=Mallory`,
    `form_token=${token}&__proto__.name=Mallory`,
    `form_token=${token}&constructor.prototype.name=Mallory`,
    `form_token=${token}&__proto__=${encodeURIComponent('{"name":"Mallory"}')}`,
  ]) {
    const headers = {
      cookie: `parley_form=${token}`,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
    };
    expect((await fetch(`${web.origin}/sign-in`, { method: 'POST', body, headers })).status).toBe(422);
  }
  expect(({} as { name?: unknown }).name).toBeUndefined();
});
