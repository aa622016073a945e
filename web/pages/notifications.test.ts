import { afterAll, beforeAll, expect, test } from 'bun:test';
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

test('a room’s page marks the followed notification as read, once and before it counts them', async () => {
  web.upstreams.world.messages = [aMessage(1)];
  const calls = async (path: string, headers: Record<string, string> = {}) => {
    web.upstreams.asked.length = 0;
    expect((await ada.get(path, headers)).status).toBe(200);
    const asked = web.upstreams.asked.filter(({ service }) => service === 'notification');
    return asked.map(({ method, path: called }) => `${method} ${called}`);
  };
  const count = 'GET /notifications/ada/unread-count';
  const read = 'PATCH /notifications/n-1/read';
  expect(await calls('/rooms/general/1?notification=n-1')).toEqual([read, count]);
  expect(await calls('/rooms/general?notification=n-1')).toEqual([read, count]);
  expect(await calls('/rooms/general/1')).toEqual([count]);
  for (const ahead of ['prefetch', 'prefetch;prerender'])
    expect(await calls('/rooms/general/1?notification=n-1', { 'sec-purpose': ahead })).toEqual([count]);
  web.upstreams.world.away = new Set(['notification']);
  expect(await (await ada.get('/rooms/general/1?notification=n-1')).text()).toContain('data-position="1"');
  web.upstreams.world.away.clear();
  expect((await ada.get('/rooms/general/1?notification=../x')).status).toBe(422);
});

test('an entry links its message, or else its room, and escapes its texts', async () => {
  const about = { user_id: 'ada', body: '<hx-partial>', notif_type: 'mention', from_user: 'bob', read: false } as const;
  const entry = { ...about, title: '<b hx-get="/x">', message_id: null, created_at: '2026-01-31T12:00:00.000Z' };
  web.upstreams.world.notifications = [
    { ...entry, id: 'n1', room_id: 'general', position: 7 },
    { ...entry, id: 'n2', room_id: 'random', position: null },
    { ...entry, id: 'n3', room_id: null, position: null },
  ];
  const page = await (await ada.get('/notifications')).text();
  expect([...page.matchAll(/<a hx-ignore href="([^"]+)"/g)].map(([, href]) => href)).toEqual([
    '/rooms/general/7?notification=n1',
    '/rooms/random?notification=n2',
  ]);
  expect(page).not.toMatch(/<b hx-get|<hx-partial/);
});
