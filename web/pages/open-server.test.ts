/** Pages of an open server, without `AUTH_SECRET`, and of one with it. */
import { expect, test } from 'bun:test';
import { startTestWeb } from '../testing/web.ts';

const BANNER = 'Open server: anyone can use any name. For local use only.';

test('every page of an open server has the banner, also the sign-in page and errors', async () => {
  const web = await startTestWeb();
  const visitor = web.visit();
  const textOf = async (path: string) => (await visitor.get(path)).text();
  expect(await textOf('/')).toContain(BANNER);
  await visitor.signIn('Ada');
  for (const path of ['/rooms/general', '/status', '/account', '/nowhere'])
    expect(await textOf(path)).toContain(BANNER);
  await web.stop();
});

test('with AUTH_SECRET there is no banner', async () => {
  const web = await startTestWeb({ AUTH_SECRET: 'a secret of at least thirty-two characters' });
  for (const path of ['/', '/status']) expect(await (await web.visit().get(path)).text()).not.toContain('Open server');
  await web.stop();
});

test('without API docs they are neither served nor linked', async () => {
  const web = await startTestWeb({ API_DOCS: 'off' });
  expect(await (await web.visit().get('/status')).text()).not.toContain('/docs');
  for (const path of ['/docs', '/openapi.json', '/docs/swagger-ui.css'])
    expect((await web.visit().get(path)).status).toBe(404);
  await web.stop();
});

test('web itself limits sign-ins per address, however the path is spelled and whatever X-Forwarded-For says', async () => {
  const web = await startTestWeb({ SIGN_INS_BURST: '5', SIGN_INS_PER_SECOND: '0.001' });
  const visitor = web.visit();
  const from = (address: string) => ({ 'x-forwarded-for': `${crypto.randomUUID()}, ${address}` });
  const statuses: number[] = [];
  for (let count = 0; count < 8; count += 1) {
    const path = '/sign-in';
    expect((await visitor.submit('/sign-in/', {}, from('2001:db8::1'))).headers.get('location')).toBe('../sign-in');
    statuses.push((await visitor.submit(path, { name: `guest ${count}` }, from(`2001:db8:1:2::${count}`))).status);
  }
  expect(statuses).toEqual([303, 303, 303, 303, 303, 429, 429, 429]);
  expect((await visitor.submit('/sign-in', { name: 'another' }, from('2001:db8:1:3::1'))).status).toBe(303);
  await web.stop();
});

test('a page is found with a slash at the end of its path', async () => {
  const web = await startTestWeb();
  for (const path of ['/status', '/status/']) expect((await web.visit().get(path)).status).toBe(200);
  expect((await web.visit().get('/nowhere/')).status).toBe(404);
  await web.stop();
});
