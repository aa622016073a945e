import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { exampleSubscription } from '@parley/notification/push/rules';
import { aMessage } from '../testing/upstreams.ts';
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
beforeEach(() => {
  web.upstreams.world.away.clear();
  web.upstreams.asked.length = 0;
});

const textOf = async (path: string, visitor = ada): Promise<string> => (await visitor.get(path)).text();
const positionsIn = (page: string): number[] =>
  [...page.matchAll(/data-position="(\d+)"/g)].map(([, text]) => Number(text));

describe('a room’s page', () => {
  test('loads only files of this origin', async () => {
    const response = await ada.get('/rooms/general');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    const page = await response.text();
    expect(page).not.toMatch(/<script(?![^>]*\bsrc="\/assets\/)/);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test('makes the same calls at once, however much the room holds', async () => {
    const callsFor = async (path: string): Promise<number> => {
      web.upstreams.asked.length = 0;
      await ada.get(path);
      return web.upstreams.asked.filter(({ method }) => method === 'GET').length;
    };
    web.upstreams.world.messages = [];
    expect(await callsFor('/rooms/general')).toBe(6);
    web.upstreams.world.messages = Array.from({ length: 500 }, (_, index) => aMessage(index + 1));
    expect(await callsFor('/rooms/general')).toBe(6);
    expect(await callsFor('/rooms/general?before=200')).toBe(6);
    expect(await callsFor('/rooms/general/250')).toBe(7);
  });

  test('shows the newest fifty, and links older and newer ones', async () => {
    web.upstreams.world.messages = Array.from({ length: 120 }, (_, index) => aMessage(index + 1));
    const newest = await textOf('/rooms/general');
    expect(positionsIn(newest)).toEqual(Array.from({ length: 50 }, (_, index) => 71 + index));
    expect(newest).toContain('href="/rooms/general?before=71"');
    expect(newest).not.toContain('id="newer"');
    const older = await textOf('/rooms/general?before=71');
    expect(positionsIn(older).at(-1)).toBe(70);
    expect(older).toContain('href="/rooms/general?after=70"');
    expect(positionsIn(await textOf('/rooms/general?after=100'))).toEqual(
      Array.from({ length: 20 }, (_, i) => 101 + i),
    );
    const first = await textOf('/rooms/general?before=21');
    expect(first).toContain('id="beginning"');
    expect(first).not.toContain('id="older"');
    for (const part of ['after=120', 'after=99999999', 'before=1'])
      expect((await ada.get(`/rooms/general?${part}`)).headers.get('location')).toBe('/rooms/general?newest');
  });

  test('shows the message of a link among its neighbours', async () => {
    web.upstreams.world.messages = Array.from({ length: 120 }, (_, index) => aMessage(index + 1));
    const page = await textOf('/rooms/general/60');
    expect(positionsIn(page)).toEqual(Array.from({ length: 50 }, (_, index) => 36 + index));
    expect(page).toMatch(/class="message[^"]* target" id="m-[^"]*" data-position="60"/);
  });

  test('says that the message of a link doesn’t exist', async () => {
    web.upstreams.world.messages = [aMessage(1), aMessage(2)];
    const answer = await ada.get('/rooms/general/3');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is no such message');
    expect(web.upstreams.asked.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect((await ada.get('/rooms/general/2')).status).toBe(200);
  });

  test('has the cursor of its last message', async () => {
    web.upstreams.world.messages = [aMessage(1), aMessage(2, { seq: 9, edited_at: '2026-01-31T13:00:00.000Z' })];
    expect(await textOf('/rooms/general')).toContain('data-since="9"');
  });

  test('has the “New” line before the first unread message of someone else', async () => {
    web.upstreams.world.messages = [aMessage(1), aMessage(2, { user_id: 'ada' }), aMessage(3), aMessage(4)];
    web.upstreams.world.unread = [{ room_id: 'general', unread: 2, read_position: 1, last_seq: 4 }];
    const page = await textOf('/rooms/general');
    expect(page.indexOf('id="new"')).toBeGreaterThan(page.indexOf('data-position="2"'));
    expect(page.indexOf('id="new"')).toBeLessThan(page.indexOf('data-position="3"'));
    web.upstreams.world.unread = [];
    expect(await textOf('/rooms/general')).not.toContain('id="new"');
  });

  test('renders while services are away, and says which part is missing', async () => {
    web.upstreams.world.messages = [aMessage(1)];
    web.upstreams.world.away = new Set(['presence', 'notification']);
    const response = await ada.get('/rooms/general');
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('Who is online can’t be shown');
    expect(page).toContain('data-position="1"');
    web.upstreams.world.away = new Set(['chat', 'presence', 'notification', 'file']);
    const bare = await textOf('/rooms/general');
    expect(bare).toContain('The messages can’t be shown');
    expect(bare).toContain('The rooms can’t be shown');
    expect(bare).toContain('id="composer"');
  });

  test('has its calls counted by service and outcome', async () => {
    web.upstreams.world.away = new Set(['presence']);
    await ada.get('/rooms/general');
    const counted = await (await fetch(web.metricsUrl)).text();
    expect(counted).toMatch(/call_duration_seconds_count\{[^}]*to="chat",outcome="ok"\} \d/);
    expect(counted).toMatch(/call_duration_seconds_count\{[^}]*to="presence",outcome="503"\} \d/);
    expect(counted).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/sign-in",status="303"\} 1/);
  });

  test('redirects from an address in another case', async () => {
    web.upstreams.world.rooms.push({ id: 'DevOps-2', name: '# DevOps 2', description: null, last_seq: 0 });
    const leadsTo = async (path: string) => (await ada.get(path)).headers.get('location');
    expect(await leadsTo('/rooms/GENERAL')).toBe('/rooms/general');
    expect(await leadsTo('/rooms/devops-2')).toBe('/rooms/DevOps-2');
    expect(await leadsTo('/rooms/devops-2/1')).toBe('/rooms/DevOps-2/1');
    expect((await ada.get('/rooms/DevOps-2')).status).toBe(200);
    web.upstreams.world.rooms.pop();
  });

  test('offers to create a room that doesn’t exist', async () => {
    const response = await ada.get('/rooms/nowhere');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/new-room?name=nowhere');
  });

  test('has times in the reader’s time zone', async () => {
    web.upstreams.world.messages = [aMessage(1)];
    expect(await textOf('/rooms/general')).toContain('>12:00</time>');
    ada.cookies.set('parley_zone', 'Asia/Tokyo');
    expect(await textOf('/rooms/general')).toContain('>21:00</time>');
    ada.cookies.set('parley_zone', 'Nowhere/"><script>');
    const page = await textOf('/rooms/general');
    expect(page).toContain('data-zone="UTC"');
    expect(page).not.toContain('Nowhere');
    ada.cookies.delete('parley_zone');
  });
});

describe('forms', () => {
  test('from another site are refused', async () => {
    web.upstreams.world.messages = [aMessage(1, { user_id: 'ada' })];
    const id = aMessage(1).id;
    const paths = [
      '/rooms/general/messages',
      `/rooms/general/messages/${id}/edit`,
      `/rooms/general/messages/${id}/delete`,
      '/new-room',
      '/notifications/read-all',
      '/notifications/n1/read',
      '/notifications/n1/delete',
      '/account',
      '/theme',
      '/sign-out',
    ];
    const proof = await ada.proof();
    const fields = { content: 'x', name: 'x', password: 'long enough', theme: 'dark', proof };
    for (const path of paths) {
      web.upstreams.asked.length = 0;
      const isForm = path.endsWith('/messages');
      expect([path, (await ada.submit(path, fields)).status]).not.toEqual([path, 403]);
      web.upstreams.asked.length = 0;
      for (const [given, headers] of [
        [{ ...fields, form_token: 'forged' }, {}],
        [{ ...fields, form_token: '' }, {}],
        [fields, { 'sec-fetch-site': 'cross-site' }],
        [fields, { 'sec-fetch-site': 'same-site' }],
        [fields, { 'sec-fetch-site': '', origin: 'https://evil.example' }],
      ] as const)
        expect([path, isForm, (await ada.submit(path, given, headers)).status]).toEqual([path, isForm, 403]);
      // Left out: calls to mark messages as read, which earlier pages sent without waiting and may arrive only now.
      const acted = web.upstreams.asked.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/read'));
      expect(acted).toEqual([]);
    }
    await ada.signIn('Ada', fields.password);
  });

  test('send files and text, and keep a text that could not be sent', async () => {
    const form = new FormData();
    form.set('form_token', ada.cookies.get('parley_form') ?? '');
    form.set('content', 'see <this>');
    form.append('files', new File(['notes'], 'notes.txt', { type: 'text/plain' }));
    const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const send = () =>
      fetch(`${web.origin}/rooms/general/messages`, {
        method: 'POST',
        body: form,
        redirect: 'manual',
        headers: { cookie, accept: 'text/html', 'sec-fetch-site': 'same-origin' },
      });
    expect((await send()).status).toBe(303);
    const sent = web.upstreams.asked.filter(
      ({ path, method }) => method === 'POST' && path === '/rooms/general/messages',
    );
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([
      {
        user_id: 'ada',
        username: 'Ada',
        message_type: 'file',
        content: 'notes.txt',
        file_url: '/api/files/f1/download#type=text/plain&size=5',
      },
      { user_id: 'ada', username: 'Ada', content: 'see <this>' },
    ]);
    web.upstreams.world.away = new Set(['chat']);
    const refused = await send();
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('see &lt;this&gt;</textarea>');
  });

  test('edit and delete only the user’s own messages', async () => {
    web.upstreams.world.messages = [aMessage(1, { user_id: 'ada' }), aMessage(2)];
    expect((await ada.get(`/rooms/general/messages/${aMessage(1).id}/edit`)).status).toBe(200);
    expect((await ada.get(`/rooms/general/messages/${aMessage(2).id}/edit`)).status).toBe(404);
    expect((await ada.submit(`/rooms/general/messages/${aMessage(2).id}/delete`)).status).toBe(404);
    expect(web.upstreams.asked.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  test('create a room by its name', async () => {
    const created = await ada.submit('/new-room', { name: ' #Launch party ', description: ' soon ' });
    expect(created.headers.get('location')).toBe('/rooms/launch-party');
    const [post] = web.upstreams.asked.filter(({ method }) => method === 'POST');
    expect(JSON.parse(post?.body ?? '')).toEqual({ id: 'launch-party', name: '# Launch party', description: 'soon' });
    expect((await ada.submit('/new-room', { name: '\u200b' })).status).toBe(422);
  });
});

describe('other pages', () => {
  test('the status page shows each service’s health, and nothing meant for the operator', async () => {
    const page = await textOf('/status', web.visit());
    expect(page).toContain('postgres: connected');
    expect(page).toContain('limited');
    expect(page).not.toContain('/secret/path');
    web.upstreams.world.away = new Set(['chat']);
    expect(await textOf('/status', web.visit())).toContain('class="is-away"');
  });

  test('an unknown address is a page for browsers, and JSON for programs', async () => {
    const page = await web.visit().get('/nowhere');
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const json = await web.visit().get('/nowhere', { accept: 'application/json' });
    expect(await json.json()).toMatchObject({ code: 'not_found' });
  });

  test('an invalid address is explained in words for people', async () => {
    const page = await ada.get('/rooms/general?before=soon');
    expect([page.status, await page.text()]).toEqual([422, expect.stringContaining('can’t be used here')]);
    const json = await ada.get('/rooms/general?before=soon', { accept: 'application/json' });
    expect(await json.json()).toMatchObject({ detail: expect.stringContaining('before') });
  });

  test('scripts and styles are cached for ever, compressed as the browser accepts', async () => {
    const page = await textOf('/', web.visit());
    const [path = ''] = /\/assets\/main-[^"]+/.exec(page) ?? [];
    for (const [accepted, encoding] of [
      ['gzip, br', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const asset = await fetch(web.origin + path, { headers: { 'accept-encoding': accepted }, decompress: false });
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect(asset.headers.get('content-encoding')).toBe(encoding);
    }
    expect((await fetch(`${web.origin}/assets/..%2f..%2fmain.ts`)).status).toBe(404);
  });

  test('push subscriptions are passed on for the signed-in user only', async () => {
    const { keys } = exampleSubscription;
    const body = JSON.stringify({ endpoint: 'https://push.example/1', keys, user_id: 'someone-else' });
    const headers = { 'content-type': 'application/json' };
    const stranger = await fetch(`${web.origin}/push/subscriptions`, { method: 'POST', body, headers });
    expect(stranger.status).toBe(401);
    const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const subscribe = async (more: Record<string, string>) => {
      const fromPage = { ...headers, cookie, 'sec-fetch-site': 'same-origin', ...more };
      return (await fetch(`${web.origin}/push/subscriptions`, { method: 'POST', body, headers: fromPage })).status;
    };
    expect(await subscribe({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await subscribe({ 'content-type': 'text/plain' })).toBe(415);
    expect(await subscribe({})).toBe(200);
    const posts = web.upstreams.asked.filter(({ service, method }) => service === 'notification' && method === 'POST');
    expect(posts.map((post) => JSON.parse(post.body))).toMatchObject([{ user_id: 'ada' }]);
  });
});
