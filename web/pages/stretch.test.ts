import { expect, test } from 'bun:test';
import type { Answer } from '../services/call.ts';
import type { Message, Room } from '../services/clients.ts';
import { aMessage } from '../testing/upstreams.ts';
import { readStretch } from './stretch.ts';

const ROOM: Room = {
  id: 'general',
  name: 'general',
  description: null,
  last_seq: 7,
};

/** A room whose answer takes until `answer` is called. */
const slowRoom = (): { room: Promise<Answer<Room>>; answer(found: Answer<Room>): void } => {
  const { promise, resolve } = Promise.withResolvers<Answer<Room>>();
  return { room: promise, answer: resolve };
};

/** Chat's pages, in the order in which they are asked for. */
const chatOf = (...pages: Message[][]) => {
  let asked = 0;
  const messages = async (): Promise<Answer<Message[]>> => {
    asked += 1;
    return { ok: true, value: pages[asked - 1] ?? [] };
  };
  return { messages, asked: () => asked };
};

test('the newest messages wait for nothing, and go on behind the last of their changes', async () => {
  const chat = chatOf([aMessage(1, { seq: 9 }), aMessage(2)]);
  const read = await readStretch(chat, slowRoom().room, 'general', {});
  expect(read).toMatchObject({ ok: true, value: { since: 9, hasOlder: false, hasNewer: false } });
});

test('a part of the history is read after the room, and goes on where the room was then', async () => {
  // Message 1 was edited (8) between the reads of the older ones and the newer ones, which have a later change (9).
  const chat = chatOf([aMessage(1)], [aMessage(2, { seq: 9 })]);
  const { room, answer } = slowRoom();
  const reading = readStretch(chat, room, 'general', { at: 1 });
  await Bun.sleep(0);
  expect(chat.asked()).toBe(0);
  answer({ ok: true, value: ROOM });
  expect(await reading).toMatchObject({ ok: true, value: { since: 7, hasNewer: false } });
});

test('without the room its history isn’t asked for', async () => {
  const chat = chatOf();
  const away = { ok: false, status: 0, detail: 'away' } as const;
  expect(await readStretch(chat, Promise.resolve(away), 'general', { before: 5 })).toEqual(away);
  expect(chat.asked()).toBe(0);
});
