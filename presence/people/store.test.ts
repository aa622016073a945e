/** The contract of the store of people, for every backend. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import type { PresenceStores } from '../stores.ts';
import { type Changes, describeBackends, hearChanges, openReplica } from '../testing/backends.ts';
import type { Person } from './rules.ts';
import { MAX_DEVICES, type PeopleStore, SWEEP_BATCH } from './store.ts';

/** Longer than commands that are sent together take. */
const SHORT_TTL_MS = 200;
/** Nobody else expires during a count. */
const LONG_TTL_MS = 600_000;

const newId = (name = 'person') => `${name}:${crypto.randomUUID()}`;

/** Reads all pages. */
const walk = async (people: PeopleStore, limit: number, betweenPages = async () => undefined as unknown) => {
  const met: Person[] = [];
  for (;;) {
    const page = await people.page(met.at(-1)?.user_id ?? '', limit);
    met.push(...page);
    if (page.length < limit) return met;
    await betweenPages();
  }
};

const sweepAll = async (people: PeopleStore) => {
  for (;;) if (!(await people.sweep()).hasMore) return;
};

describeBackends('people', (url) => {
  let replica: PresenceStores;
  let otherReplica: PresenceStores;
  /** A replica with a very short online TTL. */
  let hasty: PresenceStores;
  let changes: Changes;

  beforeAll(async () => {
    replica = await openReplica(url(), { onlineTtlMs: LONG_TTL_MS });
    otherReplica = await openReplica(url(), { onlineTtlMs: LONG_TTL_MS });
    hasty = await openReplica(url(), { onlineTtlMs: SHORT_TTL_MS });
    changes = await hearChanges(url());
  });
  afterAll(async () => {
    await Promise.all([replica, otherReplica, hasty, changes].map((opened) => opened.close()));
  });

  const announced = (userId: string) =>
    changes.heard.filter(({ user_id }) => user_id === userId).map(({ username, online }) => ({ username, online }));

  /** Resolves when all changes published so far have arrived. */
  const allHeard = async () => {
    const marker = newId('marker');
    await replica.people.heartbeat(marker, marker);
    await eventually(() => expect(announced(marker)).toHaveLength(1));
  };

  const expire = (userId: string) =>
    eventually(async () => expect((await replica.people.find(userId)).online).toBeFalse());

  test('after a heartbeat a person is online on every replica, with that name, seen just now', async () => {
    const id = newId();
    const before = Date.now() - 5;
    await replica.people.heartbeat(id, 'Zoë 🙂');
    const person = await otherReplica.people.find(id);
    expect(person).toMatchObject({ user_id: id, username: 'Zoë 🙂', online: true });
    expect(Date.parse(person.last_seen ?? '')).toBeWithin(before, Date.now() + 5);
  });

  test('a person who was never online is offline, named by their id, without last_seen', async () => {
    const id = newId('stranger');
    expect(await replica.people.find(id)).toEqual({ user_id: id, username: id, online: false, last_seen: null });
  });

  test('without heartbeats a person goes offline, and is remembered', async () => {
    const id = newId();
    // Sent together on one connection, so that nobody expires before the answer on a slow machine.
    const [, online] = await Promise.all([hasty.people.heartbeat(id, 'Ann'), hasty.people.find(id)]);
    expect(online).toMatchObject({ username: 'Ann', online: true });
    await expire(id);
    expect(await replica.people.find(id)).toEqual({ ...online, online: false });
  });

  test('a heartbeat prolongs the time of the one before', async () => {
    const id = newId();
    await hasty.people.heartbeat(id, 'Ann');
    await replica.people.heartbeat(id, 'Ann');
    await Bun.sleep(SHORT_TTL_MS + 20);
    await sweepAll(replica.people);
    expect(await replica.people.find(id)).toMatchObject({ online: true });
  });

  test('leaving takes effect at once', async () => {
    const id = newId();
    await replica.people.heartbeat(id, 'Ann');
    expect(await walk(replica.people, 100)).toContainEqual(expect.objectContaining({ user_id: id }));
    await otherReplica.people.leave(id);
    expect(await replica.people.find(id)).toMatchObject({ username: 'Ann', online: false });
    expect(await walk(replica.people, 100)).not.toContainEqual(expect.objectContaining({ user_id: id }));
  });

  describe('with several devices', () => {
    const isOnline = async (id: string) => (await otherReplica.people.find(id)).online;

    test('a person is online until the last one leaves, and is announced once each way', async () => {
      const id = newId();
      for (const device of ['phone', 'laptop', undefined]) await replica.people.heartbeat(id, 'Ann', device);
      for (const device of ['phone', 'phone', 'never seen', 'laptop']) {
        await otherReplica.people.leave(id, device);
        expect(await isOnline(id)).toBeTrue();
        expect(await walk(replica.people, 100)).toContainEqual(expect.objectContaining({ user_id: id }));
      }
      await replica.people.leave(id, '');
      expect(await isOnline(id)).toBeFalse();
      await allHeard();
      expect(announced(id)).toEqual([
        { username: 'Ann', online: true },
        { username: 'Ann', online: false },
      ]);
    });

    test('leaving without a device leaves with all of them', async () => {
      const id = newId();
      for (const device of ['phone', 'laptop']) await replica.people.heartbeat(id, 'Ann', device);
      await replica.people.leave(id);
      expect(await isOnline(id)).toBeFalse();
      await replica.people.heartbeat(id, 'Ann', 'tablet');
      await replica.people.leave(id, 'tablet');
      expect(await isOnline(id)).toBeFalse();
    });

    test('the time of one that left counts no more: the person expires with the last of the others', async () => {
      const id = newId();
      await hasty.people.heartbeat(id, 'Ann', 'phone');
      await replica.people.heartbeat(id, 'Ann', 'laptop');
      await replica.people.leave(id, 'laptop');
      await expire(id);
      await sweepAll(replica.people);
      await allHeard();
      expect(announced(id).at(-1)).toEqual({ username: 'Ann', online: false });
    });

    test('one that has expired keeps nobody online', async () => {
      const id = newId();
      await hasty.people.heartbeat(id, 'Ann', 'phone');
      await expire(id);
      await replica.people.heartbeat(id, 'Ann', 'laptop');
      await replica.people.leave(id, 'laptop');
      expect(await isOnline(id)).toBeFalse();
    });

    test('beyond the most that are stored, those that expire first are dropped', async () => {
      const id = newId();
      for (let count = 0; count <= MAX_DEVICES; count += 1) await replica.people.heartbeat(id, 'Ann', `page ${count}`);
      for (let count = 1; count < MAX_DEVICES; count += 1) await replica.people.leave(id, `page ${count}`);
      expect(await isOnline(id)).toBeTrue();
      await replica.people.leave(id, `page ${MAX_DEVICES}`);
      expect(await isOnline(id)).toBeFalse();
    });
  });

  test('pages are in order of the bytes of ids, and have everyone once during heartbeats', async () => {
    const ids = ['a', 'B', 'é', '\uffee', '😀', 'a:b', 'a:b:c', '[x', '(x', '-', '+'].map((id) => `page ${id}`);
    const beat = () => Promise.all(ids.map((id) => replica.people.heartbeat(id, id)));
    await beat();
    const met = (await walk(otherReplica.people, 2, beat)).map(({ user_id }) => user_id);
    const sorted = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(met.filter((id) => id.startsWith('page '))).toEqual(sorted);
  });

  test('expired people are on no page, and make no page shorter', async () => {
    const gone = ['1', '2', '4'].map((id) => `short page ${id}`);
    const here = ['3', '5'].map((id) => `short page ${id}`);
    for (const id of gone) await hasty.people.heartbeat(id, id);
    for (const id of here) await replica.people.heartbeat(id, id);
    for (const id of gone) await expire(id);
    const page = await replica.people.page('short page', 2);
    expect(page.map(({ user_id }) => user_id)).toEqual(here);
  });

  test('coming online and leaving are announced once each, repeated heartbeats and leaves are not', async () => {
    const id = newId();
    for (const { people } of [replica, otherReplica, replica]) await people.heartbeat(id, 'Ann');
    await Promise.all([replica.people.leave(id), otherReplica.people.leave(id)]);
    await replica.people.heartbeat(id, 'Anna');
    await allHeard();
    expect(announced(id)).toEqual([
      { username: 'Ann', online: true },
      { username: 'Ann', online: false },
      { username: 'Anna', online: true },
    ]);
  });

  test('a person who returns before a sweep has seen them expire is not announced again', async () => {
    const id = newId();
    await hasty.people.heartbeat(id, 'Ann');
    await expire(id);
    await replica.people.heartbeat(id, 'Ann');
    await sweepAll(replica.people);
    await allHeard();
    expect(announced(id)).toEqual([{ username: 'Ann', online: true }]);
  });

  test('leaving is not announced for a person who is not online', async () => {
    const id = newId('stranger');
    await replica.people.leave(id);
    await allHeard();
    expect(announced(id)).toEqual([]);
  });

  test('each of many expired people is announced once, though two replicas sweep at once', async () => {
    const ids = Array.from({ length: SWEEP_BATCH + 50 }, () => newId('many'));
    await Promise.all(ids.map((id) => hasty.people.heartbeat(id, `name of ${id}`)));
    await eventually(async () => {
      await Promise.all([sweepAll(replica.people), sweepAll(otherReplica.people)]);
      const last = ids.at(-1) ?? '';
      expect(announced(last)).toHaveLength(2);
    });
    await Promise.all([sweepAll(replica.people), sweepAll(otherReplica.people)]);
    await allHeard();
    const expected = (id: string) => [
      { username: `name of ${id}`, online: true },
      { username: `name of ${id}`, online: false },
    ];
    expect(ids.map(announced)).toEqual(ids.map(expected));
  });

  test('a sweep returns how many are online, and removes nobody early', async () => {
    await sweepAll(replica.people);
    const before = await replica.people.sweep();
    await replica.people.heartbeat(newId(), 'Ann');
    expect(await replica.people.sweep()).toEqual({ online: before.online + 1, hasMore: false });
  });
});
