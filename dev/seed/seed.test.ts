/** The same seed always makes the same conversation, and filling a room with it again adds no messages. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startTestChat, type TestChat } from '@parley/chat/testing/server';
import { createHttp } from '@parley/client';
import { listMessages } from '@parley/client/api/chat';
import { conversationOf, speakersOf } from './conversation.ts';
import { fillRoom } from './fill.ts';

const few = { seed: 7, room: 'busy', people: 5, messages: 120 };

let chat: TestChat;
beforeAll(async () => {
  chat = await startTestChat();
});
afterAll(() => chat.stop());

const contentsOf = (turns: Iterable<{ messages: readonly { content: string }[] }>): string[] =>
  [...turns].flatMap(({ messages }) => messages.map(({ content }) => content));

test('a seed is one conversation: other seeds and rooms have other texts or ids', () => {
  expect([...conversationOf(few)]).toEqual([...conversationOf(few)]);
  expect(contentsOf(conversationOf({ ...few, seed: 8 }))).not.toEqual(contentsOf(conversationOf(few)));
  const idsOf = (room: string) =>
    [...conversationOf({ ...few, room })].flatMap(({ messages }) => messages.map(({ client_id }) => client_id));
  expect(new Set([...idsOf('busy'), ...idsOf('other')]).size).toBe(2 * few.messages);
});

test('it is as large as it was asked to be: a shorter one is the beginning of a longer one', () => {
  const all = contentsOf(conversationOf({ ...few, messages: 10_000, people: 30 }));
  expect(all).toHaveLength(10_000);
  expect(contentsOf(conversationOf({ ...few, messages: 999, people: 30 }))).toEqual(all.slice(0, 999));
  expect(new Set(all.join('').match(/\p{Script=Arabic}|\p{Script=Han}|\p{Script=Devanagari}/gu)).size).toBeGreaterThan(
    9,
  );
});

test('people have ids and names of their own, however many they are', () => {
  const people = speakersOf(200);
  expect(new Set(people.map(({ userId }) => userId)).size).toBe(200);
  expect(new Set(people.map(({ username }) => username)).size).toBe(200);
});

test('a room is filled in the order of the conversation, and a second run goes on where the first one ended', async () => {
  const http = { urls: { chat: chat.url } };
  const call = createHttp(http);
  expect(await fillRoom({ ...few, http, messages: 50 })).toBe(50);
  expect(await fillRoom({ ...few, http })).toBe(70);
  expect(await fillRoom({ ...few, http })).toBe(0);
  const messages = await call(listMessages, { room_id: few.room, limit: 200 });
  expect(messages.map(({ content }) => content)).toEqual(contentsOf(conversationOf(few)));
  expect(new Set(messages.map(({ user_id }) => user_id)).size).toBe(few.people);
}, 60_000);
