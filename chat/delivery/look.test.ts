/** The state of a running replica, for operators. */
import { expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { Value } from '@sinclair/typebox/value';
import { describeReplicas } from '../testing/backends.ts';
import { connect } from '../testing/client.ts';
import { newRoom, say } from '../testing/http.ts';
import type { TestChat } from '../testing/server.ts';
import { HubLook, lookOf, MAX_FEEDS_SHOWN } from './look.ts';

const feed = (room_id: string, sockets: number, waiting = 0) => ({
  room_id,
  sockets,
  waiting,
  joining: 0,
  delivered: 1,
  known: 1,
});

test('the largest rooms come first, not more than are allowed, and all are counted', () => {
  const small = Array.from({ length: MAX_FEEDS_SHOWN }, (_, index) => feed(`small-${index}`, 1));
  const look = lookOf([...small, feed('stuck', 1, 3), feed('large', 50)], true);
  expect(look).toMatchObject({ bus: true, rooms: MAX_FEEDS_SHOWN + 2, sockets: MAX_FEEDS_SHOWN + 51, waiting: 3 });
  expect(look.feeds).toHaveLength(MAX_FEEDS_SHOWN);
  expect(look.feeds.slice(0, 2).map(({ room_id }) => room_id)).toEqual(['large', 'stuck']);
});

const look = async ({ metricsUrl }: TestChat): Promise<HubLook> => {
  const answer = await fetch(new URL('/feeds', metricsUrl));
  expect(answer.headers.get('content-type')).toContain('application/json');
  return Value.Parse(HubLook, await answer.json());
};

describeReplicas('the look into the hub', {}, (replicas) => {
  test('it has the rooms, sockets and cursors of its replica, and no text or name', async () => {
    const { here, there } = replicas();
    const room = await newRoom(here);
    const clients = [await connect(here, { room, user: 'secret-user' }), await connect(here, { room, user: 'b' })];
    for (const client of clients) await client.joined();
    await say(here, room, 'a secret text');
    await clients[0]?.waitFor(({ content }) => content === 'a secret text');
    const shown = await look(here);
    expect(shown).toMatchObject({ bus: true, waiting: 0 });
    expect(shown.feeds).toContainEqual({ room_id: room, sockets: 2, joining: 0, delivered: 1, known: 1, waiting: 0 });
    expect(JSON.stringify(shown)).not.toContain('secret');
    expect((await look(there)).feeds.map(({ room_id }) => room_id)).not.toContain(room);
    for (const client of clients) await client.close();
    await eventually(async () => expect((await look(here)).feeds.map(({ room_id }) => room_id)).not.toContain(room));
  });

  test('it is served on the metrics port only', async () => {
    const { here } = replicas();
    expect((await fetch(new URL('/feeds', here.url))).status).toBe(404);
    expect((await fetch(new URL('/feeds', here.metricsUrl), { method: 'POST' })).status).toBe(404);
  });
});
