/** Cookies over TLS: only this host can set them, and those of a subdomain are ignored. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createIdentity } from '@parley/kit/identity/identity';
import { startTestWeb, type TestWeb } from '../testing/web.ts';

const AUTH_SECRET = 'a secret of at least thirty-two characters';

describe('over TLS', () => {
  let web: TestWeb;
  let before: TestWeb;
  beforeAll(async () => {
    web = await startTestWeb({ AUTH_SECRET, COOKIE_SECURE: 'true' });
    before = await startTestWeb({ AUTH_SECRET });
  });
  afterAll(async () => {
    await web.stop();
    await before.stop();
  });

  /** Signs in. Returns the cookies that were set, by name, with their attributes. */
  const signIn = async (at: TestWeb, name: string) => {
    const visitor = at.visit();
    await visitor.get('/');
    const formName = [...visitor.cookies.keys()].find((key) => key.endsWith('parley_form')) ?? '';
    const entered = await visitor.submit('/sign-in', { name, form_token: visitor.cookies.get(formName) ?? '' });
    expect(entered.status).toBe(303);
    return { cookies: visitor.cookies, set: entered.headers.getSetCookie() };
  };
  const get = (cookie: string) =>
    fetch(`${web.origin}/account`, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
  const nameIn = async (cookie: string) => {
    const answer = await get(cookie);
    return answer.status === 200 ? /<strong>(.*?)<\/strong>/.exec(await answer.text())?.[1] : undefined;
  };

  test('every cookie that the server sets is bound to this host', async () => {
    const { cookies, set } = await signIn(web, 'Ann');
    expect([...cookies.keys()].filter((name) => !name.startsWith('__Host-parley_'))).toEqual([]);
    expect(cookies.has('__Host-parley_session')).toBeTrue();
    for (const line of set.filter((each) => each.startsWith('__Host-')))
      expect(line).toMatch(/^(?!.*Domain).*Path=\/;.*Secure/);
  });

  test('a session that a subdomain planted is ignored', async () => {
    const ann = (await signIn(web, 'Ann')).cookies.get('__Host-parley_session');
    const mallory = (await signIn(web, 'Mallory')).cookies.get('__Host-parley_session');
    for (const cookie of [
      `parley_session=${mallory}; __Host-parley_session=${ann}`,
      `__Host-parley_session=${ann}; parley_session=${mallory}`,
    ])
      expect(await nameIn(cookie)).toBe('Ann');
    expect(await nameIn(`parley_session=${mallory}`)).toBeUndefined();
    expect(await nameIn(`__Host-parley_session=${ann}; __Host-parley_session=${mallory}`)).toBeUndefined();
  });

  test('a token that a subdomain planted is ignored by APIs', async () => {
    const token = (await signIn(web, 'Mallory')).cookies.get('__Host-parley_session') ?? '';
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
    const identity = createIdentity(AUTH_SECRET);
    const requireBy = (name: string) => identity.requireUser(new Headers({ cookie: `${name}=${token}` }), sub);
    await requireBy('__Host-parley_session');
    await expect(requireBy('parley_session')).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('a session from before TLS is accepted once, and its old cookie is deleted', async () => {
    const old = (await signIn(before, 'Old Friend')).cookies.get('parley_session');
    const answer = await get(`parley_session=${old}`);
    expect(answer.status).toBe(200);
    const set = answer.headers.getSetCookie().map((line) => Bun.Cookie.parse(line));
    const renewed = set.find(({ name }) => name === '__Host-parley_session');
    expect(set.find(({ name }) => name === 'parley_session')).toMatchObject({ value: '', maxAge: 0 });
    expect(await nameIn(`__Host-parley_session=${renewed?.value}`)).toBe('Old Friend');
    expect(await nameIn(`parley_session=${renewed?.value}`)).toBeUndefined();
  });
});
