/** Two tabs of one person on two replicas; the roster of one answers late. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { eventually } from '@parley/testing/time/eventually';
import { connect, type Frame, type TestClient } from '../testing/client.ts';
import { startTestChat, type TestChat } from '../testing/server.ts';
import { openRoster } from './roster.open.ts';
import type { Roster } from './roster.ts';

const ROOM = 'general';

/** A roster whose `enter` waits until the test finishes it. */
const createLate = () => {
  const state = { asked: 0, gate: Promise.withResolvers<void>() };
  const wrap = (inner: Roster): Roster => ({
    ...inner,
    enter: async (occupant) => {
      state.asked += 1;
      await state.gate.promise;
      return inner.enter(occupant);
    },
  });
  return { state, wrap };
};

describe('a replica whose roster answers late', () => {
  const { state, wrap } = createLate();
  let prompt: TestChat;
  let late: TestChat;
  let watcher: TestClient;
  let carol: string;

  beforeAll(async () => {
    const stores = { databaseUrl: newEmbeddedUrl(), redisUrl: `memory:tabs-${crypto.randomUUID()}` };
    prompt = await startTestChat(stores);
    late = await startTestChat(stores, (url, log) => wrap(openRoster(url, log)));
    watcher = await connect(prompt, { room: ROOM, user: 'watcher' });
    await watcher.joined();
  });
  afterAll(async () => {
    await watcher.close();
    await Promise.all([prompt.stop(), late.stop()]);
  });
  beforeEach(() => {
    carol = `carol-${crypto.randomUUID()}`;
    state.asked = 0;
    state.gate = Promise.withResolvers<void>();
  });

  const ofCarol = () =>
    watcher.frames
      .filter(({ user_id, type }) => user_id === carol && type.startsWith('user_'))
      .map(({ type }: Frame) => type);
  /** All events so far have reached the watcher when its own message arrives. */
  const settled = async () => {
    const content = crypto.randomUUID();
    watcher.send({ content });
    await watcher.waitFor((frame) => frame.content === content);
    return content;
  };

  test('answers a socket when the roster has its person: if the other tab closes then, no leave or join is announced', async () => {
    const order: string[] = [];
    const first = await connect(prompt, { room: ROOM, user: carol });
    await eventually(() => expect(ofCarol()).toEqual(['user_joined']));
    const second = await connect(late, { room: ROOM, user: carol });
    const joined = second.joined().then(() => order.push('answered'));
    await eventually(() => expect(state.asked).toBe(1));
    // It gets events in the meantime.
    const content = await settled();
    await second.waitFor((frame) => frame.content === content);

    order.push('held');
    state.gate.resolve();
    await joined;
    expect(order).toEqual(['held', 'answered']);
    await first.close();
    await settled();
    expect(ofCarol()).toEqual(['user_joined']);
    await second.close();
    await eventually(() => expect(ofCarol()).toEqual(['user_joined', 'user_left']));
  });

  test('reads early frames in order, even if the client has closed in the meantime', async () => {
    const socket = await connect(late, { room: ROOM, user: carol });
    const sent = ['one', 'two', 'three'].map((word) => `${word} ${carol}`);
    for (const content of sent) socket.send({ content });
    await eventually(() => expect(state.asked).toBe(1));
    await socket.close();
    state.gate.resolve();
    const heard = () =>
      watcher.frames.flatMap(({ user_id, content }) => (user_id === carol && content ? [content] : []));
    await eventually(() => expect(heard()).toEqual(sent));
    await eventually(() => expect(ofCarol()).toEqual(['user_joined', 'user_left']));
  });
});
