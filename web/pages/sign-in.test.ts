import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createIdentity } from '@parley/kit/identity/identity';
import { eventually } from '@parley/testing/time/eventually';
import { startTestWeb, type TestWeb } from '../testing/web.ts';

const SECRET = 'a secret of at least thirty-two characters';

for (const [contract, env] of [
  ['open', {}],
  ['proven', { AUTH_SECRET: SECRET }],
] as const) {
  describe(`signing in, under the ${contract} contract`, () => {
    let web: TestWeb;
    beforeAll(async () => {
      web = await startTestWeb(env);
    });
    afterAll(() => web.stop());

    test('a visitor without a session signs in, and gets the page that was requested', async () => {
      const visitor = web.visit();
      const sent = await visitor.get('/rooms/general?before=7');
      expect([sent.status, sent.headers.get('location')]).toEqual([303, '/?next=%2Frooms%2Fgeneral%3Fbefore%3D7']);
      expect(await (await visitor.get('/?next=%2Frooms%2Fgeneral%3Fbefore%3D7')).text()).toContain(
        'name="next" value="/rooms/general?before=7"',
      );
    });

    test('only pages have the page’s header, and no response has headers for htmx', async () => {
      const visitor = web.visit();
      const script = /\/assets\/main-[^"]+/.exec(await (await visitor.get('/')).text())?.[0] ?? '';
      const marked = async (path: string, headers: Record<string, string> = {}) => {
        const answer = await visitor.get(path, headers);
        expect([path, [...answer.headers.keys()].filter((name) => name.startsWith('hx-'))]).toEqual([path, []]);
        return answer.headers.has('parley-page');
      };
      for (const path of ['/', '/nowhere', '/status', '/<b>x'])
        expect([path, await marked(path)]).toEqual([path, true]);
      for (const path of [script, '/sw.js', '/favicon.svg', '/manifest.webmanifest', '/health', '/rooms/a'])
        expect([path, await marked(path)]).toEqual([path, false]);
      expect(await marked('/nowhere', { accept: 'application/json' })).toBe(false);
    });

    test('the form that sets a password is sent to navigations only, and accepted from them only', async () => {
      const visitor = web.visit();
      await visitor.signIn('Careful');
      const fetched: Record<string, string>[] = [
        { 'hx-request': 'true' },
        { 'hx-history-restore-request': 'true' },
        { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
        { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      ];
      for (const headers of fetched) {
        const got = await visitor.get('/account', headers);
        expect([headers, got.headers.has('parley-page'), await got.text()]).toEqual([
          headers,
          false,
          expect.not.stringContaining('proof'),
        ]);
        const fields = { password: 'somebody else’s', proof: await visitor.proof() };
        const sent = await visitor.submit('/account', fields, headers);
        expect([headers, sent.status, await sent.text()]).toEqual([
          headers,
          403,
          expect.not.stringContaining('name="proof"'),
        ]);
      }
      const navigated = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
      const fields = { password: 'my very own', proof: await visitor.proof() };
      expect((await visitor.submit('/account', fields, navigated)).status).toBe(303);
      expect((await web.visit().signIn('Careful', 'my very own')).status).toBe(303);
    });

    test('the field to correct has the focus, and is marked as invalid', async () => {
      const owner = web.visit();
      await owner.signIn('Focus');
      await owner.keepName('long enough');
      const asked = await (await web.visit().signIn('Focus')).text();
      expect(asked).toMatch(/id="password"[^>]*aria-invalid="true" autofocus/);
      expect(asked).not.toMatch(/id="name"[^>]*autofocus/);
      expect(await (await web.visit().signIn('***')).text()).toMatch(/id="name"[^>]*autofocus aria-invalid="true"/);
    });

    test('without a proof of this session no password is set', async () => {
      const [mine, theirs] = [web.visit(), web.visit()];
      await mine.signIn('Mine');
      await theirs.signIn('Theirs');
      for (const proof of ['', 'x', await theirs.proof()]) {
        const refused = await mine.submit('/account', { password: 'long enough', proof });
        expect([refused.status, await refused.text()]).toEqual([
          422,
          expect.stringContaining('Enter the password again'),
        ]);
      }
      expect((await web.visit().signIn('Mine')).status).toBe(303);
      expect((await mine.keepName('long enough')).status).toBe(303);
      expect((await web.visit().signIn('Mine')).status).toBe(422);
    });

    test('a name is enough, and the session keeps it', async () => {
      const visitor = web.visit();
      const entered = await visitor.signIn('  Ada   Lovelace ');
      expect([entered.status, entered.headers.get('location')]).toEqual([303, '/rooms/general']);
      const cookie = entered.headers.getSetCookie().find((line) => line.startsWith('parley_session='));
      expect(cookie).toContain('HttpOnly');
      expect(cookie).toContain('SameSite=Lax');
      expect(await (await visitor.get('/rooms/general')).text()).toContain('Ada Lovelace');
      expect((await visitor.get('/')).headers.get('location')).toBe('/rooms/general');
    });

    test('a misleading name is refused with the reason', async () => {
      for (const name of ['', '   ', 'a\u200bb', 'x\u202Ey', '***', 'a'.repeat(41), 'a/b', '@all']) {
        const refused = await web.visit().signIn(name);
        expect(refused.status).toBe(422);
        expect(await refused.text()).toContain('role="alert"');
      }
      for (const name of ['Zoë', '李雷', 'محمد', 'علی\u200cرضا', '👩\u200d💻 Joe'])
        expect((await web.visit().signIn(name)).status).toBe(303);
    });

    test('a name with an account needs its password, however it is written', async () => {
      const owner = web.visit();
      await owner.signIn('Grace');
      const kept = await owner.keepName('correct horse');
      expect(kept.status).toBe(303);
      for (const name of ['Grace', 'grace', 'ＧＲＡＣＥ', 'Gra\u200dce']) {
        const guest = web.visit();
        expect((await guest.signIn(name)).status).toBe(422);
        expect((await guest.signIn(name, 'wrong horse')).status).toBe(422);
        expect(guest.cookies.has('parley_session')).toBe(false);
      }
      const elsewhere = web.visit();
      expect((await elsewhere.signIn('grace', 'correct horse')).status).toBe(303);
      expect(elsewhere.cookies.get('parley_session')).toBeDefined();
      expect(await (await elsewhere.get('/account')).text()).toContain('A password protects this name');
    });

    test('a short password and a second account of a name are refused', async () => {
      const visitor = web.visit();
      await visitor.signIn('Short');
      expect((await visitor.keepName('1234567')).status).toBe(422);
      const [first, second] = [web.visit(), web.visit()];
      await first.signIn('Twice');
      await second.signIn('Twice');
      expect((await first.keepName('long enough')).status).toBe(303);
      expect((await second.keepName('long enough too')).status).toBe(422);
    });

    test('after ten wrong passwords the name is locked for some minutes, also for the right one', async () => {
      const owner = web.visit();
      await owner.signIn('Target');
      await owner.keepName('the right one');
      const thief = web.visit();
      for (let attempt = 0; attempt < 10; attempt += 1) expect((await thief.signIn('Target', 'no')).status).toBe(422);
      expect((await thief.signIn('Target', 'the right one')).status).toBe(429);
    });

    test('signing out ends the session, forgets the last room, and tells presence', async () => {
      const visitor = web.visit();
      await visitor.signIn('Leaver');
      const page = await (await visitor.get('/rooms/general')).text();
      const [, device = ''] = /data-device="([\w-]+)"/.exec(page) ?? [];
      expect(visitor.cookies.get('parley_room')).toBe('general');
      expect((await visitor.submit('/sign-out', { device })).headers.get('location')).toBe('/');
      for (const name of ['parley_session', 'parley_room']) expect(visitor.cookies.has(name)).toBe(false);
      const isTold = ({ path }: { path: string }) =>
        /^\/presence\/leaver(~|%7E)?\w*\/offline\?/.test(path) && path.endsWith(`device=${device}`);
      await eventually(() => expect(web.upstreams.told.filter(isTold)).toHaveLength(1));
    });

    test('redirects only within this origin', async () => {
      for (const next of [
        'https://evil.example/',
        '//evil.example',
        '/\\evil.example',
        'javascript:alert(1)',
        '/a\nb',
      ]) {
        const entered = await web.visit().submit('/sign-in', { name: 'Someone', next });
        expect(entered.headers.get('location')).toBe('/rooms/general');
      }
    });

    test('an unsigned session is ignored with AUTH_SECRET', async () => {
      const visitor = web.visit();
      const claims = Buffer.from('{"sub":"root","name":"root","exp":9999999999}').toString('base64url');
      visitor.cookies.set('parley_session', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`);
      expect((await visitor.get('/rooms/general')).status).toBe(contract === 'proven' ? 303 : 200);
    });

    test('services can verify the session’s token', async () => {
      const visitor = web.visit();
      await visitor.signIn('Proven');
      web.upstreams.asked.length = 0;
      await visitor.get('/rooms/general');
      const asked = web.upstreams.asked.find(({ path }) => path.startsWith('/unread'));
      const userId = new URL(asked?.path ?? '', web.origin).searchParams.get('user_id') ?? '';
      const headers = new Headers({ authorization: asked?.authorization ?? '' });
      const identity = createIdentity(contract === 'proven' ? SECRET : undefined);
      expect(await identity.requireUser(headers, userId)).toBeUndefined();
      if (contract === 'proven') {
        expect(userId).toMatch(/^proven~[0-9a-f]{8}$/);
        expect(identity.requireUser(headers, 'proven')).rejects.toThrow();
      } else expect(userId).toBe('proven');
    });

    test('a flood of sign-ins is limited, and another address can sign in', async () => {
      const owner = web.visit();
      await owner.signIn('Flooded');
      await owner.keepName('correct horse');
      const elsewhere = { 'x-forwarded-for': '203.0.113.66' };
      const flooders = await Promise.all(
        Array.from({ length: 12 }, async () => {
          const visitor = web.visit();
          await visitor.get('/');
          return visitor;
        }),
      );
      const form = { name: 'Flooded', password: 'wrong horse' };
      const flood = flooders.map((visitor) => visitor.submit('/sign-in', form, elsewhere));
      const refused = await Promise.any(
        flood.map(async (answer) => ((await answer).status === 503 ? answer : Promise.reject(new Error('tried')))),
      );
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.text()).toContain('Too many at once');
      expect((await web.visit().signIn('Innocent')).status).toBe(303);
      await Promise.all(flood);
    });
  });
}
