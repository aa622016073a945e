/** From a mention in a message to the person's notification: two services over HTTP, with failures between them. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startChat } from '@parley/chat/main';
import { callTo } from '@parley/chat/testing/http';
import { sendMessage } from '@parley/client/api/chat';
import { listNotifications } from '@parley/client/api/notification';
import type { RunningService } from '@parley/kit/process/run';
import { startNotification } from '@parley/notification/main';
import { newFolder } from '@parley/testing/run/run-folder';
import { eventually } from '@parley/testing/time/eventually';

const bus = 'memory:mentions-test';
const common = { PORT: '0', LOG_LEVEL: 'silent', REDIS_URL: bus, SHUTDOWN_TIMEOUT_MS: '1000' };
const notificationDatabase = `pglite:${newFolder('mentions')}/postgres`;
const people = ['alice', 'bob', 'Jürgen', '田中', 'Zoë / 100%'];

let notification: RunningService;
let chat: RunningService;

const openNotification = async (port: number): Promise<RunningService> => {
  const service = startNotification({ ...common, PORT: String(port), DATABASE_URL: notificationDatabase });
  await service.ready;
  return service;
};

beforeAll(async () => {
  notification = await openNotification(0);
  chat = startChat({ ...common, DATABASE_URL: 'pglite:memory', NOTIFICATION_URL: notification.url });
  await chat.ready;
  // A person who has written in a room is known there, and can be mentioned.
  for (const person of people) await say('hello', person);
});
afterAll(async () => {
  await chat.stop();
  await notification.stop();
});

const say = (content: string, userId = 'alice') =>
  callTo({ chat: chat.url })(sendMessage, { room_id: 'general', user_id: userId, username: userId, content });

const toldTo = async (userId: string): Promise<string[]> => {
  const told = await callTo({ notification: notification.url })(listNotifications, { user_id: userId });
  return told.map(({ title, body }) => `${title}: ${body}`);
};

test.each(people.filter((person) => person !== 'alice'))('%s is told of a mention, once', async (person) => {
  const content = `@${person} look at this, ${crypto.randomUUID()}`;
  await say(content);
  await eventually(async () => expect(await toldTo(person)).toContain(`alice mentioned you: ${content}`));
  expect((await toldTo(person)).filter((told) => told.endsWith(content)).length).toBe(1);
});

test('a mention made while notification is down is told when it is back, once', async () => {
  const { port } = notification;
  await notification.stop();
  const content = `@bob you were away, ${crypto.randomUUID()}`;
  await say(content);
  notification = await openNotification(port);
  await eventually(async () => expect(await toldTo('bob')).toContain(`alice mentioned you: ${content}`));
  expect((await toldTo('bob')).filter((told) => told.endsWith(content)).length).toBe(1);
});
