/** The contract of the store of typing, for every backend. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import type { PresenceStores } from '../stores.ts';
import { describeBackends, openReplica } from '../testing/backends.ts';

/** Longer than commands that are sent together take. */
const SHORT_TTL_MS = 200;

describeBackends('typing', (url) => {
  let replica: PresenceStores;
  let otherReplica: PresenceStores;
  /** A replica with a very short typing TTL. */
  let hasty: PresenceStores;

  beforeAll(async () => {
    replica = await openReplica(url());
    otherReplica = await openReplica(url());
    hasty = await openReplica(url(), { typingTtlMs: SHORT_TTL_MS });
  });
  afterAll(async () => {
    await Promise.all([replica, otherReplica, hasty].map((stores) => stores.close()));
  });

  const newRoom = () => `room-${crypto.randomUUID()}`;
  const listed = async (room: string) =>
    (await otherReplica.typing.list(room)).map(({ user_id, username }) => `${user_id}=${username}`);

  test('a person who types is listed on every replica, in that room only', async () => {
    const [room, otherRoom] = [newRoom(), newRoom()];
    await replica.typing.start(room, 'ann', 'Ann 🙂');
    expect(await otherReplica.typing.list(room)).toEqual([{ user_id: 'ann', username: 'Ann 🙂', room_id: room }]);
    expect(await otherReplica.typing.list(otherRoom)).toEqual([]);
  });

  test('stopping takes effect at once, and stopping twice is no error', async () => {
    const room = newRoom();
    await replica.typing.start(room, 'ann', 'Ann');
    await replica.typing.start(room, 'bob', 'Bob');
    expect(await listed(room)).toEqual(['ann=Ann', 'bob=Bob']);
    await otherReplica.typing.stop(room, 'ann');
    await otherReplica.typing.stop(room, 'ann');
    expect(await listed(room)).toEqual(['bob=Bob']);
  });

  test('a person without further signs has stopped, and others have not', async () => {
    const room = newRoom();
    // Sent together on one connection, so that nobody expires before the answer on a slow machine.
    const sent = ['ann', 'cid'].map((id) => hasty.typing.start(room, id, id));
    const typists = await hasty.typing.list(room);
    await Promise.all(sent);
    expect(typists.map(({ user_id }) => user_id)).toEqual(['ann', 'cid']);
    await replica.typing.start(room, 'bob', 'Bob');
    await replica.typing.start(room, 'cid', 'Cid');
    await eventually(async () => expect(await listed(room)).toEqual(['bob=Bob', 'cid=Cid']));
  });

  test('ids with colons are kept apart, even if their concatenation is the same', async () => {
    const id = crypto.randomUUID();
    await replica.typing.start(`${id}:a`, 'b:c', 'first');
    await replica.typing.start(`${id}:a:b`, 'c', 'second');
    await replica.typing.start(id, 'a:b:c', 'third');
    expect(await listed(`${id}:a`)).toEqual(['b:c=first']);
    expect(await listed(`${id}:a:b`)).toEqual(['c=second']);
    expect(await listed(id)).toEqual(['a:b:c=third']);
    await replica.typing.stop(`${id}:a`, 'b:c');
    expect(await listed(`${id}:a:b`)).toEqual(['c=second']);
  });
});
