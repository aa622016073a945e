/** Marking a room as read marks its mentions as read: two services over HTTP, with failures between them. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { markRoomRead, sendMessage } from '@parley/client/api/chat';
import { countUnreadNotifications, listNotifications } from '@parley/client/api/notification';
import type { Call } from '@parley/client/http';
import { eventually } from '@parley/testing/time/eventually';
import { type ChatAndNotification, startChatAndNotification } from './chat-and-notification.ts';

let services: ChatAndNotification;

beforeAll(async () => {
  services = await startChatAndNotification('read');
});
afterAll(() => services.stop());

const call: Call = (endpoint, args) => services.call(endpoint, args);
/** @returns the message's position */
const say = async (content: string, user_id = 'alice', room_id = 'general'): Promise<number> =>
  (await call(sendMessage, { room_id, user_id, username: user_id, content })).position;
const read = (position: number, user_id: string, room_id = 'general') =>
  call(markRoomRead, { room_id, user_id, position });
const bellOf = async (user_id: string): Promise<number> =>
  (await call(countUnreadNotifications, { user_id })).unread_count;
const untilBell = (user: string, count: number) =>
  eventually(async () => expect(await bellOf(user)).toBe(count), { timeoutMs: 20_000 });

test('up to the position, in that room alone, for that person alone', async () => {
  for (const room of ['general', 'random']) for (const person of ['bob', 'carol']) await say('hello', person, room);
  await say('@bob @carol first');
  const second = await say('@bob second');
  await say('@bob third');
  await say('@bob elsewhere', 'alice', 'random');
  await untilBell('bob', 4);
  await untilBell('carol', 1);
  await read(second, 'bob');
  await untilBell('bob', 2);
  expect(await bellOf('carol')).toBe(1);
  await read(Number.MAX_SAFE_INTEGER, 'bob', 'random');
  await untilBell('bob', 1);
  await read(Number.MAX_SAFE_INTEGER, 'bob');
  await untilBell('bob', 0);
});

test('also while notification is down: mentions that were delivered before, and those that come after', async () => {
  await say('hello', 'dora');
  await say('@dora delivered before');
  await untilBell('dora', 1);
  await services.whileNotificationIsDown(async () => {
    const last = await say('@dora not delivered yet');
    await say('@dora not read');
    await read(last, 'dora');
  });
  await eventually(
    async () => {
      const list = await call(listNotifications, { user_id: 'dora' });
      expect(Object.fromEntries(list.map(({ body, read: isRead }) => [body, isRead]))).toEqual({
        '@dora delivered before': true,
        '@dora not delivered yet': true,
        '@dora not read': false,
      });
    },
    { timeoutMs: 40_000 },
  );
});
