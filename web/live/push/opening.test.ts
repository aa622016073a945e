import { expect, test } from 'bun:test';
import { open, pathOf, type Tab } from './opening.ts';

const ORIGIN = 'https://chat.example';

/** @param answers whether a page of ours listens there */
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

/** What is done for a press on a notification while these tabs are open, the one used last first. */
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

test('what is pushed leads to its message and is read by that; without one to its room, or to the list', () => {
  expect(pathOf({ id: 'n1', room_id: 'general', position: 7 })).toBe('/rooms/general/7?notification=n1');
  expect(pathOf({ id: 'n1', room_id: 'general', position: null })).toBe('/rooms/general?notification=n1');
  expect(pathOf({ room_id: 'general' })).toBe('/rooms/general');
  expect(pathOf({ id: 'n1', room_id: null })).toBe('/notifications');
});

const TO = '/rooms/general/7?notification=n1';

test('a press opens a tab where none shows a room: none at all, the door, a file, the docs', async () => {
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

test('a press on what is about no room opens the list', async () => {
  expect(await press('/notifications', (did) => [aTab('/rooms/devops', did)])).toEqual(['open /notifications']);
});
