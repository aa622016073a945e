/** The library against chat itself: two replicas over one log. */
import { afterEach, describe, expect, test } from 'bun:test';
import { describeReplicas } from '@parley/chat/testing/backends';
import { callTo, newRoom, say } from '@parley/chat/testing/http';
import { startTestChat } from '@parley/chat/testing/server';
import { createIdentity } from '@parley/kit/identity/identity';
import { openLeakyProxy } from '@parley/testing/network/leaky-proxy';
import { eventually } from '@parley/testing/time/eventually';
import { listMessages } from './api/chat.ts';
import { ParleyError } from './error.ts';
import { joinRoom, type RoomConnection, type RoomOptions, type RoomState } from './room.ts';

const RESYNC_LIMIT = 20;

interface Seen {
  readonly room: RoomConnection;
  /** The contents of the messages that were delivered, in order. */
  readonly contents: string[];
  readonly seqs: number[];
  readonly states: RoomState[];
}

const open: RoomConnection[] = [];
afterEach(() => {
  for (const room of open.splice(0)) room.close();
});

const join = (options: RoomOptions): Seen => {
  const room = joinRoom({ backoff: { baseMs: 20, maxMs: 200 }, ...options });
  open.push(room);
  const seen: Seen = { room, contents: [], seqs: [], states: [] };
  room.on('message', ({ content, seq }) => {
    seen.contents.push(content);
    seen.seqs.push(seq);
  });
  room.on('state', ({ state }) => seen.states.push(state));
  return seen;
};

const isLive = ({ room }: Seen) => eventually(() => expect(room.status.state).toBe('live'));
const texts = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`);
const failureOf = async (promise: Promise<unknown>): Promise<ParleyError> => {
  const reason = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(reason instanceof ParleyError)) throw new Error(`Not refused, but ${reason}`);
  return reason;
};
const storedIn = async (chat: { readonly url: string }, room: string): Promise<string[]> => {
  const messages = await callTo({ chat: chat.url })(listMessages, { room_id: room, limit: 200 });
  return messages.map(({ content }) => content);
};

describeReplicas('a connection to a room', { RESYNC_LIMIT: String(RESYNC_LIMIT) }, (replicas) => {
  const urls = () => ({ chat: replicas().here.url });

  test('delivers new changes from the join on, or all changes after a cursor', async () => {
    const room = await newRoom(replicas().here, 3);
    const fresh = join({ urls: urls(), room, user: 'ada' });
    const back = join({ urls: urls(), room, user: 'ada', since: 1 });
    await Promise.all([isLive(fresh), isLive(back)]);
    expect(back.contents).toEqual(texts(2, 3));
    await say(replicas().there, room, 'message 4');
    await eventually(() => expect([fresh.contents, back.contents]).toEqual([texts(4, 4), texts(2, 4)]));
    expect([fresh.room.since, back.room.since]).toEqual([4, 4]);
    expect(back.states).toEqual(['connecting', 'catching-up', 'live']);
  });

  test('stores messages that were sent before there was a connection, in the order of sending, and resolves with their seq', async () => {
    const room = await newRoom(replicas().here);
    const { room: ada } = join({ urls: urls(), room, user: 'ada', username: 'Ada' });
    const client_id = crypto.randomUUID();
    const sent = texts(1, 30).map((content, index) => ada.send(index === 4 ? { content, client_id } : content));
    expect(ada.unsent).toBe(30);
    const stored = await Promise.all(sent);
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
    expect(stored[4]?.client_id).toBe(client_id);
    expect(ada.unsent).toBe(0);
    expect(await storedIn(replicas().here, room)).toEqual(texts(1, 30));
    // A restarted program sends it again: it is the same message.
    expect((await ada.send({ content: 'message 5', client_id })).id).toBe(stored[4]?.id ?? '');
  });

  test('reconnects to another replica when its own stops, and loses and repeats nothing', async () => {
    const room = await newRoom(replicas().here);
    const third = await startTestChat({ ...replicas().stores, RESYNC_LIMIT: String(RESYNC_LIMIT) });
    let url = third.url;
    const ada = join({ urls: { chat: () => url }, room, user: 'ada' });
    const bob = join({ urls: { chat: () => url }, room, user: 'bob' });
    await Promise.all([isLive(ada), isLive(bob)]);
    const sent: Promise<unknown>[] = [];
    const sending = (async () => {
      for (const text of texts(1, 60)) {
        sent.push(ada.room.send(text));
        await Bun.sleep(5);
      }
    })();
    await eventually(() => expect(bob.contents.length).toBeGreaterThan(5));
    url = replicas().there.url;
    await third.stop();
    await sending;
    await Promise.all(sent);
    await eventually(() => expect(bob.contents).toEqual(texts(1, 60)));
    expect(ada.contents).toEqual(texts(1, 60));
    await eventually(() => expect(bob.states.filter((state) => state === 'live').length).toBe(2));
  });

  test('reads the history when it is too far behind, and continues live', async () => {
    const room = await newRoom(replicas().here, 230);
    const late = join({ urls: urls(), room, user: 'late', since: 2 });
    let resyncs = 0;
    late.room.on('resync', () => {
      resyncs += 1;
    });
    await isLive(late);
    await say(replicas().there, room, 'message 231');
    await eventually(() => expect(late.contents).toEqual(texts(3, 231)));
    expect([resyncs, late.room.since]).toEqual([1, 231]);
  });

  test('waits for retry_after_ms when it sends too fast, and rejects a message that is refused for good', async () => {
    const slow = await startTestChat({ ...replicas().stores, FRAMES_BURST: '3', FRAMES_PER_SECOND: '50' });
    const room = await newRoom(slow);
    const { room: ada, states } = join({ urls: { chat: slow.url }, room, user: 'ada' });
    const sent = texts(1, 12).map((text) => ada.send(text));
    const tooLong = ada.send('x'.repeat(8_001));
    const last = ada.send('message 13');
    expect((await failureOf(tooLong)).code).toBe('content_too_long');
    await Promise.all([...sent, last]);
    expect(await storedIn(slow, room)).toEqual(texts(1, 13));
    // The connection stayed open all the time.
    expect(states).not.toContain('waiting');
    await slow.stop();
  });

  test('rejects a blank message, one that would close the connection, and more than maxUnsent', async () => {
    const room = await newRoom(replicas().here);
    const { room: ada } = join({ urls: urls(), room, user: 'ada', maxUnsent: 2 });
    const codes = await Promise.all([
      failureOf(ada.send(' \u200b ')),
      failureOf(ada.send(`a${'\u0001'.repeat(20_000)}`)),
      failureOf(Promise.all(['a', 'b', 'c'].map((text) => ada.send(text)))),
    ]);
    expect(codes.map(({ code }) => code)).toEqual(['invalid_input', 'content_too_long', 'queue_full']);
    // The same message may be sent when others are stored.
    expect(codes.map(({ isRetryable }) => isRetryable)).toEqual([false, false, true]);
    await eventually(async () => expect(await storedIn(replicas().here, room)).toEqual(['a', 'b']));
  });

  test('replaces a connection that carries nothing any more, and sends its messages again', async () => {
    const room = await newRoom(replicas().here);
    const proxy = openLeakyProxy(new URL(replicas().here.url));
    const times = { pulse: { quietMs: 300, answerMs: 300 }, ackTimeoutMs: 300 };
    const ada = join({ urls: { chat: `http://127.0.0.1:${proxy.port}` }, room, user: 'ada', ...times });
    const idle = join({ urls: { chat: `http://127.0.0.1:${proxy.port}` }, room, user: 'idle', ...times });
    await Promise.all([isLive(ada), isLive(idle)]);
    proxy.goDeaf();
    await ada.room.send('message 1');
    await say(replicas().here, room, 'message 2');
    await eventually(() => expect([ada.contents, idle.contents]).toEqual([texts(1, 2), texts(1, 2)]));
    expect([ada.states, idle.states].every((states) => states.includes('waiting'))).toBe(true);
    expect(await storedIn(replicas().here, room)).toEqual(texts(1, 2));
    proxy.close();
  });
});

describe('an attempt', () => {
  const NOBODY = 'http://127.0.0.1:9';

  test('is made at once by check(), whatever pause was left', async () => {
    const chat = await startTestChat();
    let url = NOBODY;
    const backoff = { baseMs: 60_000, random: () => 1 };
    const { room, states } = join({ urls: { chat: () => url }, room: 'general', user: 'ada', since: 0, backoff });
    await eventually(() => expect(room.status).toEqual({ state: 'waiting', retryInMs: 10_000 }));
    url = chat.url;
    room.check();
    expect((await room.send('Hello')).seq).toBeGreaterThan(0);
    expect(states.filter((state) => state === 'waiting').length).toBe(1);
    await chat.stop();
  });

  test('to read the first cursor reports its pauses too, and is made at once by check()', async () => {
    const chat = await startTestChat();
    let url = NOBODY;
    const backoff = { baseMs: 60_000, random: () => 1 };
    const ada = join({ urls: { chat: () => url }, room: 'general', user: 'ada', backoff });
    await eventually(() => expect(ada.room.status).toEqual({ state: 'waiting', retryInMs: 10_000 }));
    expect(ada.states).toEqual(['connecting', 'waiting']);
    url = chat.url;
    ada.room.check();
    await isLive(ada);
    expect(ada.states).toEqual(['connecting', 'waiting', 'connecting', 'catching-up', 'live']);
    await chat.stop();
  });

  test('waits longer each time while every replica is stopping', async () => {
    const stopping = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request, server) => (server.upgrade(request) ? undefined : new Response(null, { status: 400 })),
      websocket: { open: (socket) => socket.close(1012), message: () => undefined },
    });
    const backoff = { baseMs: 10, random: () => 1 };
    const pauses: (number | undefined)[] = [];
    const options = { urls: { chat: stopping.url.origin }, room: 'general', user: 'ada', since: 0, backoff };
    const { room } = join(options);
    room.on('state', ({ retryInMs }) => retryInMs !== undefined && pauses.push(retryInMs));
    await eventually(() => expect(pauses.length).toBeGreaterThan(4));
    expect(pauses.slice(0, 4)).toEqual([10, 20, 40, 80]);
    room.close();
    await stopping.stop(true);
  });

  test('that hangs is given up, and so is the call for the first cursor', async () => {
    const chat = await startTestChat();
    let accepted = 0;
    const silent = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        open: () => {
          accepted += 1;
        },
        data: () => undefined,
      },
    });
    let url = `http://127.0.0.1:${silent.port}`;
    const pulse = { quietMs: 200, answerMs: 200 };
    const hanging = join({ urls: { chat: () => url }, room: 'general', user: 'ada', since: 0, pulse });
    const asking = join({ urls: { chat: () => url }, room: 'general', user: 'bob', timeoutMs: 200 });
    await eventually(() => expect(hanging.states).toContain('waiting'));
    await eventually(() => expect(accepted).toBeGreaterThan(3));
    url = chat.url;
    await Promise.all([isLive(hanging), isLive(asking)]);
    silent.stop(true);
    await chat.stop();
  });
});

describe('an end', () => {
  test('is a state with its error, and rejects the waiting messages', async () => {
    const chat = await startTestChat();
    const urls = { chat: chat.url };
    for (const since of [{}, { since: 0 }]) {
      const { room, states } = join({ urls, room: 'nowhere', user: 'ada', ...since });
      expect((await failureOf(room.send('Hello'))).code).toBe('unknown_room');
      expect(room.status.error?.code).toBe('unknown_room');
      expect(states.at(-1)).toBe('ended');
      expect((await failureOf(room.send('Hello'))).code).toBe('unknown_room');
    }
    const { room } = join({ urls, room: 'general', user: 'x'.repeat(101), since: 0 });
    expect((await failureOf(room.send('Hello'))).code).toBe('invalid_address');
    await chat.stop();
  });

  test('by close() rejects the waiting messages, and no attempt follows', async () => {
    const chat = await startTestChat();
    const ada = join({ urls: { chat: chat.url }, room: 'general', user: 'ada' });
    await isLive(ada);
    const unsent = ada.room.send('Hello');
    ada.room.close();
    expect((await failureOf(unsent)).code).toBe('closed');
    await chat.stop();
    expect(ada.states.at(-1)).toBe('ended');
  });

  test('a token proves who joins; without one the room ends', async () => {
    const secret = 'a secret of more than thirty-two characters';
    const chat = await startTestChat({ AUTH_SECRET: secret });
    const token = await createIdentity(secret).sign('ada', 60);
    const proven = join({ urls: { chat: chat.url }, room: 'general', user: 'ada', token: () => token });
    expect((await proven.room.send('Hello')).seq).toBeGreaterThan(0);
    const { room } = join({ urls: { chat: chat.url }, room: 'general', user: 'ada', since: 0 });
    expect((await failureOf(room.send('Hello'))).code).toBe('unauthenticated');
    await chat.stop();
  });
});
