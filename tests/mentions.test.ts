/** From a mention in a message to the person's notification: two services over HTTP, with failures between them. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { sendMessage } from '@parley/client/api/chat';
import { listNotifications } from '@parley/client/api/notification';
import { eventually } from '@parley/testing/time/eventually';
import { type ChatAndNotification, startChatAndNotification } from './chat-and-notification.ts';

const people = ['alice', 'bob', 'Jürgen', '田中', 'Zoë / 100%'];

let services: ChatAndNotification;

beforeAll(async () => {
  services = await startChatAndNotification('mentions');
  // A person who has written in a room is known there, and can be mentioned.
  for (const person of people) await say('hello', person);
});
afterAll(() => services.stop());

const say = (content: string, userId = 'alice') =>
  services.call(sendMessage, { room_id: 'general', user_id: userId, username: userId, content });

const toldTo = async (userId: string): Promise<string[]> => {
  const told = await services.call(listNotifications, { user_id: userId });
  return told.map(({ title, body }) => `${title}: ${body}`);
};

test.each(people.filter((person) => person !== 'alice'))('%s is told of a mention, once', async (person) => {
  const content = `@${person} look at this, ${crypto.randomUUID()}`;
  await say(content);
  await eventually(async () => expect(await toldTo(person)).toContain(`alice mentioned you: ${content}`));
  expect((await toldTo(person)).filter((told) => told.endsWith(content)).length).toBe(1);
});

test('a mention made while notification is down is told when it is back, once', async () => {
  const content = `@bob you were away, ${crypto.randomUUID()}`;
  await services.whileNotificationIsDown(() => say(content));
  await eventually(async () => expect(await toldTo('bob')).toContain(`alice mentioned you: ${content}`));
  expect((await toldTo('bob')).filter((told) => told.endsWith(content)).length).toBe(1);
});
