/** Activity of other rooms, on two replicas. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { Bus } from '@parley/kit/stores/bus';
import { openBus } from '@parley/kit/stores/bus.open';
import { eventually } from '@parley/testing/time/eventually';
import { Value } from '@sinclair/typebox/value';
import { serverFrames } from '../frames.ts';
import { describeReplicas, silent } from '../testing/backends.ts';
import { connect, type Frame, type TestClient } from '../testing/client.ts';
import { newRoom, request, say } from '../testing/http.ts';
import { ACTIVITY_CHANNEL, Activity } from './activity.ts';

const TYPES = ['room_activity', 'room_created', 'room_read'];

const isOfRoom = (frame: Frame, room: string): boolean =>
  frame.room_id === room || frame.rooms?.some(({ room_id }) => room_id === room) === true;

/** The activity events that a client got of a room that it has not opened. */
const heard = ({ frames }: TestClient, room: string): Frame[] =>
  frames.filter((frame) => TYPES.includes(frame.type) && isOfRoom(frame, room));

/** How many messages the activity events count in a room, by author. */
const counted = (client: TestClient, room: string): Record<string, number> => {
  const entries = client.frames
    .filter(({ type }) => type === 'room_activity')
    .flatMap(({ rooms = [] }) => rooms)
    .filter(({ room_id }) => room_id === room);
  const counts: Record<string, number> = {};
  for (const { user_id, messages } of entries) counts[user_id] = (counts[user_id] ?? 0) + messages;
  return counts;
};

describeReplicas('activity', {}, (replicas) => {
  let watcher: TestClient;
  let other: TestClient;

  beforeEach(async () => {
    const { there } = replicas();
    watcher = await connect(there, { room: 'devops', user: 'walter', activity: true });
    other = await connect(there, { room: 'devops', user: 'walter' });
    await Promise.all([watcher.joined(), other.joined()]);
  });
  afterEach(() => Promise.all([watcher.close(), other.close()]).then(() => undefined));

  test('counts each new message of every room once, by author, in few events', async () => {
    const { here, there } = replicas();
    const room = await newRoom(here);
    // At the same time: one after another they would take longer than one gathering on a busy machine.
    const said = Array.from({ length: 20 }, (_, index) => [
      say(here, room, `one ${index}`),
      say(there, room, `two ${index}`, { user_id: 'bob', username: 'Bob' }),
    ]);
    await Promise.all(said.flat());
    await eventually(() => expect(counted(watcher, room)).toEqual({ alice: 20, bob: 20 }));
    const events = heard(watcher, room).filter(({ type }) => type === 'room_activity');
    expect(events.length).toBeLessThan(20);
    for (const event of events) expect([...Value.Errors(serverFrames.room_activity, event)]).toEqual([]);
  });

  test('does not count edits, deletes and repeated sends', async () => {
    const { here } = replicas();
    const room = await newRoom(here);
    const client_id = crypto.randomUUID();
    const { id } = await say(here, room, 'once', { client_id });
    await say(here, room, 'once', { client_id });
    await request(here, 'PATCH', `/rooms/${room}/messages/${id}`, { user_id: 'alice', content: 'twice' });
    await request(here, 'DELETE', `/rooms/${room}/messages/${id}?user_id=alice`);
    await say(here, room, 'last', { user_id: 'bob', username: 'Bob' });
    await eventually(() => expect(counted(watcher, room)).toEqual({ alice: 1, bob: 1 }));
  });

  test('names deleted messages, once each, and no edits', async () => {
    const { here, there } = replicas();
    const room = await newRoom(here);
    const first = await say(here, room, 'first');
    const second = await say(there, room, 'second', { user_id: 'bob', username: 'Bob' });
    await request(here, 'PATCH', `/rooms/${room}/messages/${first.id}`, { user_id: 'alice', content: 'edited' });
    const remove = (id: string, user: string) =>
      request(there, 'DELETE', `/rooms/${room}/messages/${id}?user_id=${user}`);
    await remove(second.id, 'bob');
    await remove(second.id, 'bob');
    await remove(first.id, 'alice');
    await remove(second.id, 'alice');
    const events = () => watcher.frames.filter(({ type }) => type === 'room_activity');
    const deleted = () =>
      events()
        .flatMap(({ deleted = [] }) => deleted)
        .filter(({ room_id }) => room_id === room);
    await eventually(() =>
      expect(deleted()).toEqual([
        { room_id: room, user_id: 'bob', position: 2, seq: 4 },
        { room_id: room, user_id: 'alice', position: 1, seq: 5 },
      ]),
    );
    for (const event of events()) expect([...Value.Errors(serverFrames.room_activity, event)]).toEqual([]);
  });

  test('names a new room, and how far the same user has read elsewhere', async () => {
    const { here } = replicas();
    const room = await newRoom(here, 2);
    await request(here, 'PUT', `/rooms/${room}/read`, { user_id: 'walter', position: 1 });
    await request(here, 'PUT', `/rooms/${room}/read`, { user_id: 'alice', position: 2 });
    await watcher.waitFor(({ type, room_id }) => type === 'room_read' && room_id === room);
    const events = heard(watcher, room).filter(({ type }) => type !== 'room_activity');
    expect(events).toEqual([
      { type: 'room_created', room_id: room, name: room, description: null },
      { type: 'room_read', room_id: room, read_position: 1 },
    ]);
  });

  test('reaches nobody who did not ask', async () => {
    const { here } = replicas();
    const room = await newRoom(here, 1);
    await request(here, 'PUT', `/rooms/${room}/read`, { user_id: 'walter', position: 1 });
    await eventually(() => expect(heard(watcher, room)).toHaveLength(3));
    expect(heard(other, room)).toEqual([]);
  });
});

describe('activity', () => {
  let bus: Bus;
  const message = (position: number, user_id: string) => ({
    ...{ id: crypto.randomUUID(), room_id: 'r', user_id, username: user_id, content: 'x' },
    ...{
      message_type: 'text' as const,
      file_url: null,
      created_at: '2026-01-31T12:00:00.000Z',
      mentions: [],
      edited_at: null,
    },
    ...{ deleted_at: null, position, seq: position },
  });

  beforeEach(() => {
    bus = openBus(`memory:${crypto.randomUUID()}`, silent);
  });
  afterEach(() => bus.close());

  test('goes to the sockets of this replica while the bus is away', async () => {
    const published: string[] = [];
    await bus.close();
    const activity = new Activity({ bus, publish: (topic) => published.push(topic), gatherMs: 1 });
    activity.committed('r', [{ message: message(1, 'alice') }]);
    await eventually(() => expect(published).toEqual([ACTIVITY_CHANNEL]));
    activity.close();
  });

  test('has a bounded number of entries in one event, each with its positions', async () => {
    const events: { rooms: unknown[] }[] = [];
    await bus.subscribe(ACTIVITY_CHANNEL, (text) => events.push(JSON.parse(text)));
    const activity = new Activity({ bus, publish: () => undefined, gatherMs: 1 });
    const many = Array.from({ length: 1_000 }, (_, index) => ({ message: message(index + 1, `u${index % 500}`) }));
    activity.committed('r', many);
    await eventually(() => expect(events).toHaveLength(1));
    expect(events[0]?.rooms).toHaveLength(200);
    expect(events[0]?.rooms[0]).toEqual({
      ...{ room_id: 'r', user_id: 'u0', messages: 2, first_position: 1, last_position: 501 },
    });
    activity.close();
  });

  test('sends nothing after it was closed', async () => {
    const events: string[] = [];
    await bus.subscribe(ACTIVITY_CHANNEL, (text) => events.push(text));
    const activity = new Activity({ bus, publish: () => undefined, gatherMs: 1 });
    activity.committed('r', [{ message: message(1, 'alice') }]);
    activity.close();
    await Bun.sleep(20);
    expect(events).toEqual([]);
  });
});
