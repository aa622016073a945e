import { expect, test } from 'bun:test';
import { open, pathOf, type Tab } from './opening.ts';

const ORIGIN = 'https://chat.example';

/** @param answers whether the tab confirms messages */
const aTab = (path: string, did: string[], { answers = true, isFocusable = true } = {}): Tab => ({
  url: ORIGIN + path,
  focus: async () => {
    if (!isFocusable) throw new Error('Not allowed to focus a window.');
    did.push(`focus ${path}`);
  },
  postMessage: (message, [port]) => {
    did.push(`${path} shows ${Object(message).visit}`);
    if (answers) port?.postMessage('taken');
  },
});

/** The calls that a press on a notification makes while these tabs are open, the most recently used first. */
const press = async (path: string, tabs: (did: string[]) => Tab[]): Promise<string[]> => {
  const did: string[] = [];
  await open(
    {
      matchAll: async () => tabs(did),
      openWindow: async (url) => did.push(`open ${url}`),
    },
    path,
  );
  return did;
};

test('a notification opens its message and is read by that; without a message its room, or the list', () => {
  expect(pathOf({ id: 'n1', room_id: 'general', position: 7 })).toBe('/rooms/general/7?notification=n1');
  expect(pathOf({ id: 'n1', room_id: 'general', position: null })).toBe('/rooms/general?notification=n1');
  expect(pathOf({ room_id: 'general' })).toBe('/rooms/general');
  expect(pathOf({ id: 'n1', room_id: null })).toBe('/notifications');
});

const TO = '/rooms/general/7?notification=n1';

test('a press opens a new tab if no open tab shows a room', async () => {
  expect(await press(TO, () => [])).toEqual([`open ${TO}`]);
  const others = ['/', '/api/files/x/download', '/api/chat/docs', '/new-room', '/rooms/general/messages/x/edit'];
  expect(await press(TO, (did) => others.map((path) => aTab(path, did)))).toEqual([`open ${TO}`]);
});

test('a press shows the room in the tab that has it, else in the one used last', async () => {
  expect(await press(TO, (did) => ['/rooms/devops', '/rooms/general/3'].map((path) => aTab(path, did)))).toEqual([
    'focus /rooms/general/3',
    `/rooms/general/3 shows ${TO}`,
  ]);
  expect(await press(TO, (did) => ['/', '/rooms/devops', '/rooms/random'].map((path) => aTab(path, did)))).toEqual([
    'focus /rooms/devops',
    `/rooms/devops shows ${TO}`,
  ]);
});

test('a press shows the room also where the tab can’t be brought forward, or doesn’t answer', async () => {
  expect(await press(TO, (did) => [aTab('/rooms/devops', did, { isFocusable: false })])).toEqual([
    `/rooms/devops shows ${TO}`,
  ]);
  expect(await press(TO, (did) => [aTab('/rooms/devops', did, { answers: false })])).toEqual([
    'focus /rooms/devops',
    `/rooms/devops shows ${TO}`,
    `open ${TO}`,
  ]);
});

test('a press on a notification without a room opens the list', async () => {
  expect(await press('/notifications', (did) => [aTab('/rooms/devops', did)])).toEqual(['open /notifications']);
});
