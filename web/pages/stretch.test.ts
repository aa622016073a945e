import { describe, expect, test } from 'bun:test';
import type { Message, Room } from '@parley/client/api/chat';
import type { Answer } from '../services/call.ts';
import { aMessage } from '../testing/upstreams.ts';
import { type ReadMark, readStretch } from './stretch.ts';

const ROOM: Room = {
  id: 'general',
  name: 'general',
  description: null,
  last_seq: 7,
};

const markOf = (unread: number, position?: number): Promise<ReadMark> =>
  Promise.resolve({ userId: 'ada', unread, position });
const NOTHING = markOf(0);

/** A room whose answer is delayed until `answer` is called. */
const slowRoom = (): { room: Promise<Answer<Room>>; answer(found: Answer<Room>): void } => {
  const { promise, resolve } = Promise.withResolvers<Answer<Room>>();
  return { room: promise, answer: resolve };
};

/** Chat's pages, in the order of the requests. */
const chatOf = (...pages: Message[][]) => {
  let asked = 0;
  const messages = async (): Promise<Answer<Message[]>> => {
    asked += 1;
    return { ok: true, value: pages[asked - 1] ?? [] };
  };
  return { messages, asked: () => asked };
};

test('the newest messages are read at once; their cursor is their highest seq', async () => {
  const chat = chatOf([aMessage(1, { seq: 9 }), aMessage(2)]);
  const read = await readStretch(chat.messages, slowRoom().room, NOTHING, {});
  expect(read).toMatchObject({ ok: true, value: { since: 9, hasOlder: false, hasNewer: false } });
});

test('a part of the history is read after the room; its cursor is the room’s', async () => {
  // Message 1 was edited (seq 8) between the two reads; the second one has a later change (seq 9).
  const chat = chatOf([aMessage(1)], [aMessage(2, { seq: 9 })]);
  const { room, answer } = slowRoom();
  const reading = readStretch(chat.messages, room, NOTHING, { at: 1 });
  await Bun.sleep(0);
  expect(chat.asked()).toBe(0);
  answer({ ok: true, value: ROOM });
  expect(await reading).toMatchObject({ ok: true, value: { since: 7, hasNewer: false } });
});

test('without the room its history isn’t read', async () => {
  const chat = chatOf();
  const away = { ok: false, status: 0, detail: 'away' } as const;
  expect(await readStretch(chat.messages, Promise.resolve(away), NOTHING, { before: 5 })).toEqual(away);
  expect(chat.asked()).toBe(0);
});

describe('where the reader left off', () => {
  const many = (from: number, to: number, userId = 'bob') =>
    Array.from({ length: to - from + 1 }, (_, index) => aMessage(from + index, { user_id: userId }));
  const found = Promise.resolve({ ok: true, value: { ...ROOM, last_seq: 924 } } as const);
  const open = async (chat: ReturnType<typeof chatOf>, mark: Promise<ReadMark>, window = {}) => {
    const read = await readStretch(chat.messages, found, mark, window);
    if (!read.ok) throw new Error(read.detail);
    return { ...read.value, first: read.value.list[0]?.position, last: read.value.list.at(-1)?.position };
  };

  test('is shown with a few messages before it when more is unread than fits a page', async () => {
    const chat = chatOf(many(874, 924), many(295, 300), many(301, 351));
    expect(await open(chat, markOf(100, 300))).toMatchObject({
      ...{ first: 296, last: 350, hasOlder: true, hasNewer: true },
      ...{ since: 924, lineAfter: 300, isBehind: false },
    });
    expect(chat.asked()).toBe(3);
  });

  test('is among the newest messages when what is unread fits a page, also right before its first', async () => {
    for (const position of [873, 874, 900, 924]) {
      const chat = chatOf(many(874, 924));
      const page = await open(chat, markOf(Math.min(50, 924 - position), position));
      expect(page).toMatchObject({ first: 875, last: 924, hasNewer: false, lineAfter: position, isBehind: false });
      expect(chat.asked()).toBe(1);
    }
  });

  test('skips the reader’s own messages and deleted ones', async () => {
    const chat = chatOf([...many(874, 904, 'ada'), ...many(905, 924)]);
    expect(await open(chat, markOf(20, 300))).toMatchObject({ first: 875, hasNewer: false, isBehind: false });
  });

  test('is ignored for a link to a message, a part of the history or the newest messages', async () => {
    const newest = await open(chatOf(many(874, 924)), markOf(100, 300), { isNewest: true });
    expect(newest).toMatchObject({ first: 875, hasNewer: false, isBehind: true });
    const linked = await open(chatOf(many(475, 500), many(501, 526)), markOf(100, 300), { at: 500 });
    expect(linked).toMatchObject({ first: 476, hasNewer: true, isBehind: true });
    const before = await open(chatOf(many(200, 250)), markOf(100, 300), { before: 251 });
    expect(before).toMatchObject({ last: 250, isBehind: false });
  });

  test('in a room that was never read is before as many last messages as are unread', async () => {
    expect(await open(chatOf(many(1, 40)), markOf(3))).toMatchObject({ lineAfter: 37, isBehind: false });
    expect(await open(chatOf(many(1, 40)), markOf(0))).toMatchObject({ lineAfter: undefined });
    expect(await open(chatOf(many(874, 924)), markOf(100))).toMatchObject({ lineAfter: undefined, first: 875 });
  });

  test('may be unknown: the page renders without it', async () => {
    const chat = chatOf(many(874, 924));
    const away = Promise.resolve({ ok: false, status: 0, detail: 'away' } as const);
    const read = await readStretch(chat.messages, away, markOf(100, 300), {});
    expect(read).toMatchObject({ ok: true, value: { since: 924, isBehind: true } });
  });
});
