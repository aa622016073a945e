import { afterAll, beforeAll, expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { startTestWeb, type TestWeb } from '../testing/web.ts';

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.stop());

test('a page view reports the user as online, and works while presence is away', async () => {
  const told = () =>
    web.upstreams.told
      .filter(({ service }) => service === 'presence')
      .map(({ path }) => path.replace(/&device=[\w-]{36}$/, ' from a device'));
  const vera = web.visit();
  await vera.signIn('Vera M');
  expect((await web.visit().get('/rooms/general')).status).toBe(303);
  expect(told()).toEqual([]);
  const beat = '/presence/vera-m/heartbeat?username=Vera+M from a device';
  for (const [index, path] of ['/rooms/general', '/notifications', '/account'].entries()) {
    expect((await vera.get(path)).status).toBe(200);
    await eventually(() => expect(told()).toEqual(Array(index + 1).fill(beat)));
  }
  await vera.submit('/theme', { theme: 'dark' });
  web.upstreams.world.away = new Set(['presence']);
  expect((await vera.get('/rooms/general')).status).toBe(200);
  await eventually(() => expect(told()).toEqual(Array(4).fill(beat)));
});

test('a page view makes the user a member of the room', async () => {
  const known = () =>
    web.upstreams.told.filter(({ service }) => service === 'chat').map(({ path, body }) => [path, body]);
  const before = known().length;
  const visitor = web.visit();
  await visitor.signIn('Uma K');
  expect((await visitor.get('/rooms/general')).status).toBe(200);
  const word = ['/rooms/general/members/uma-k', '{"username":"Uma K"}'];
  await eventually(() => expect(known().slice(before)).toEqual([word]));
});

test('a page stays one device while its content is swapped, until it is reloaded', async () => {
  const visitor = web.visit();
  await visitor.signIn('Tess');
  const deviceOf = async (headers: Record<string, string> = {}) => {
    const page = await (await visitor.get('/rooms/general', headers)).text();
    const [, device = ''] = /data-device="([\w-]{36})"/.exec(page) ?? [];
    expect(page).toContain(`name="device" value="${device}"`);
    return device;
  };
  const first = await deviceOf();
  expect(first).not.toBe('');
  expect(await deviceOf({ 'Parley-Device': first })).toBe(first);
  expect(await deviceOf()).not.toBe(first);
  expect(await deviceOf({ 'Parley-Device': 'x"><b>' })).not.toContain('x');
  await eventually(() => expect(web.upstreams.told.filter(({ path }) => path.endsWith(first))).toHaveLength(2));
});
