/** Routes of people, as older and current clients use them. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { RunningService } from '@parley/kit/process/run';
import { eventually } from '@parley/testing/time/eventually';
import { describeBackends, hearChanges, openReplica, startReplica } from '../testing/backends.ts';
import type { Person } from './rules.ts';

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describeBackends('people over HTTP', (url) => {
  let service: RunningService;
  let id: string;
  beforeAll(async () => {
    service = await startReplica(url());
  });
  afterAll(() => service.stop());
  beforeEach(() => {
    id = `person/${crypto.randomUUID()}:🙂 100%`;
  });

  const call = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(service.url + path, { method, ...init });
    return { status: response.status, body: await response.json() };
  };
  const pathOf = (userId: string, rest = '') => `/presence/${encodeURIComponent(userId)}${rest}`;
  const ok = (body: unknown) => ({ status: 200, body });
  const find = async (userId: string) => (await call('GET', pathOf(userId))).body as Person;

  test('a heartbeat is answered with the time that it lasts', async () => {
    const taken = { status: 'ok', user_id: id, online_ttl_seconds: 30 };
    expect(await call('POST', pathOf(id, '/heartbeat?username=Ann%20%26%20Zo%C3%AB'))).toEqual(ok(taken));
    expect(await find(id)).toEqual({
      user_id: id,
      username: 'Ann & Zoë',
      online: true,
      last_seen: expect.stringMatching(ISO_TIME),
    });
  });

  test('without a username a heartbeat uses the id as name', async () => {
    await call('POST', pathOf(id, '/heartbeat'));
    expect(await find(id)).toMatchObject({ username: id, online: true });
  });

  test('a person who was never online is answered as offline', async () => {
    const stranger = { user_id: id, username: id, online: false, last_seen: null };
    expect(await call('GET', pathOf(id))).toEqual(ok(stranger));
  });

  test('DELETE makes a person offline at once, and may be repeated', async () => {
    await call('POST', pathOf(id, '/heartbeat?username=Ann'));
    expect(await find(id)).toMatchObject({ online: true });
    for (let time = 0; time < 2; time += 1)
      expect(await call('DELETE', pathOf(id))).toEqual(ok({ status: 'offline', user_id: id }));
    expect(await find(id)).toMatchObject({
      username: 'Ann',
      online: false,
      last_seen: expect.stringMatching(ISO_TIME),
    });
  });

  for (const [name, init] of [
    ['no body', {}],
    ['text', { body: 'bye' }],
    ['what claims to be JSON', { body: '{', headers: { 'content-type': 'application/json' } }],
    ['a form', { body: new URLSearchParams({ a: 'b' }) }],
    ['what claims to be multipart', { body: '--', headers: { 'content-type': 'multipart/form-data' } }],
  ] satisfies [string, RequestInit][])
    test(`a beacon with ${name} takes a person offline`, async () => {
      await call('POST', pathOf(id, '/heartbeat'));
      expect(await find(id)).toMatchObject({ online: true });
      expect(await call('POST', pathOf(id, '/offline'), init)).toEqual(ok({ status: 'offline', user_id: id }));
      expect(await find(id)).toMatchObject({ online: false });
    });

  test('a person is online as long as one of their devices is', async () => {
    for (const device of ['phone', 'laptop'])
      await call('POST', pathOf(id, `/heartbeat?username=Ann&device=${device}`));
    expect(await call('POST', pathOf(id, '/offline?device=phone'))).toEqual(ok({ status: 'offline', user_id: id }));
    expect(await find(id)).toMatchObject({ online: true });
    expect(await call('DELETE', pathOf(id, '?device=laptop'))).toEqual(ok({ status: 'offline', user_id: id }));
    expect(await find(id)).toMatchObject({ username: 'Ann', online: false });
  });

  for (const type of ['text/plain;charset=UTF-8', 'application/json', ''])
    test(`a beacon of the text {"method":"DELETE"} takes a person offline on all devices, as “${type}”`, async () => {
      for (const rest of ['/heartbeat', '/heartbeat?device=phone']) await call('POST', pathOf(id, rest));
      const body = new Blob(['{"method":"DELETE"}'], { type });
      expect(await call('POST', pathOf(id), { body })).toEqual(ok({ status: 'offline', user_id: id }));
      expect(await find(id)).toMatchObject({ online: false });
    });

  for (const body of ['', '{', '{"method":"GET"}', '["DELETE"]', '{"method":"DELETE"}{}'])
    test(`a beacon of the text ${body || 'nothing'} changes nothing`, async () => {
      await call('POST', pathOf(id, '/heartbeat'));
      expect((await call('POST', pathOf(id), { body: new Blob([body], { type: 'text/plain' }) })).status).toBe(422);
      expect(await find(id)).toMatchObject({ online: true });
    });

  test('without parameters the list has everyone, with parameters one page', async () => {
    const stores = await openReplica(url());
    const ids = Array.from({ length: 1_100 }, (_, number) => `list-${String(number).padStart(4, '0')}`);
    await Promise.all(ids.map((each) => stores.people.heartbeat(each, 'Someone')));
    await stores.close();
    const idsOf = async (path: string) => ((await call('GET', path)).body as Person[]).map(({ user_id }) => user_id);

    const all = await idsOf('/presence');
    expect(all.filter((each) => each.startsWith('list-'))).toEqual(ids);
    expect(await idsOf('/presence?cursor=list-&limit=3')).toEqual(ids.slice(0, 3));
    expect(await idsOf('/presence?cursor=list-0002&limit=3')).toEqual(ids.slice(3, 6));
    expect(await idsOf('/presence?cursor=list-0002')).toEqual(ids.slice(3, 103));
    expect(await idsOf('/presence?limit=2')).toEqual(all.slice(0, 2));
    expect(await idsOf('/presence?cursor=zzz&limit=5')).toEqual(all.filter((each) => each > 'zzz'));
  });

  for (const [method, path, detail] of [
    ['POST', '/presence/%00/heartbeat', 'path user_id: wants'],
    ['POST', `/presence/${'x'.repeat(101)}/heartbeat`, 'path user_id: wants'],
    ['POST', '/presence/ann/heartbeat?username=%0a', 'query username: wants'],
    ['POST', '/presence/ann/heartbeat?device=%0a', 'query device: wants'],
    ['DELETE', `/presence/ann?device=${'x'.repeat(101)}`, 'query device: wants'],
    ['GET', '/presence?limit=0', 'query limit: wants an integer from 1 to 1000'],
    ['GET', '/presence?limit=1001', 'query limit: wants an integer from 1 to 1000'],
    ['GET', '/presence?cursor=', 'query cursor: wants'],
    ['GET', '/presence/%ff', 'not percent-encoded UTF-8'],
  ] as const)
    test(`${method} ${path.slice(0, 40)} is refused with the reason`, async () => {
      const refused = { detail: expect.stringContaining(detail), code: 'invalid_input' };
      expect(await call(method, path)).toEqual({ status: 422, body: refused });
    });

  test('of two replicas that sweep all the time, only one announces each expired person', async () => {
    const env = { PRESENCE_TTL_S: '1', SWEEP_INTERVAL_MS: '10' };
    const replicas = [await startReplica(url(), env), await startReplica(url(), env)];
    const changes = await hearChanges(url());
    const heardOf = (userId: string) =>
      changes.heard.filter(({ user_id }) => user_id === userId).map(({ username, online }) => `${username} ${online}`);
    const ids = Array.from({ length: 60 }, () => `brief:${crypto.randomUUID()}`);
    try {
      const beat = (userId: string, at: number) =>
        fetch(`${replicas[at % 2]?.url}${pathOf(userId, '/heartbeat?username=Brief')}`, { method: 'POST' });
      await Promise.all(ids.map(beat));
      await eventually(() => {
        for (const each of ids) expect(heardOf(each)).toEqual(['Brief true', 'Brief false']);
      });
      // Once this person has come and gone, both replicas have swept again.
      await beat('brief-marker', 0);
      await eventually(() => expect(heardOf('brief-marker')).toHaveLength(2));
      for (const each of ids) expect(heardOf(each)).toEqual(['Brief true', 'Brief false']);
    } finally {
      await Promise.all([...replicas.map((replica) => replica.stop()), changes.close()]);
    }
  });
});
