/** That an open server says so on every page, and a proven one doesn't. */
import { expect, test } from 'bun:test';
import { startTestWeb } from '../testing/web.ts';

const BANNER = 'Open server: anyone can use any name. For local use only.';

test('every page of an open server has the banner, also the door and errors', async () => {
  const web = await startTestWeb();
  const visitor = web.visit();
  const textOf = async (path: string) => (await visitor.get(path)).text();
  expect(await textOf('/')).toContain(BANNER);
  await visitor.signIn('Ada');
  for (const path of ['/rooms/general', '/status', '/account', '/nowhere'])
    expect(await textOf(path)).toContain(BANNER);
  await web.stop();
});

test('with proofs there is none', async () => {
  const web = await startTestWeb({ AUTH_SECRET: 'a secret of at least thirty-two characters' });
  for (const path of ['/', '/status']) expect(await (await web.visit().get(path)).text()).not.toContain('Open server');
  await web.stop();
});

test('docs that are off are served and linked nowhere', async () => {
  const web = await startTestWeb({ API_DOCS: 'off' });
  expect(await (await web.visit().get('/status')).text()).not.toContain('/docs');
  for (const path of ['/docs', '/openapi.json', '/docs/swagger-ui.css'])
    expect((await web.visit().get(path)).status).toBe(404);
  await web.stop();
});
