/** A click on a notification of the device, as the service worker handles it. Tabs that it would open are recorded instead. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { countUnreadNotifications, listNotifications } from '@parley/client/api/notification';
import { newVapidEnvironment } from '@parley/notification/testing/vapid';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page, Worker } from 'playwright-core';
import { type Meeting, meet, type Person, patiently, switchTo } from './people.ts';

/** The types of the worker's global scope that are used here. */
interface WorkerScope extends EventTarget {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { openWindow(url: string): Promise<unknown> };
  opened?: string[];
}

describeWith(['chromium'], 'a press on a notification of the device', () => {
  let meeting: Meeting<['Lou']>;
  let alice: Person;
  let worker: Worker;
  let path = '';
  let unread: () => Promise<number>;

  beforeAll(async () => {
    meeting = await meet(['Lou'], { env: newVapidEnvironment() });
    alice = await meeting.comeIn('Alice', { permissions: ['notifications'] });
    const context = alice.page.context();
    const started = context.serviceWorkers()[0] ?? context.waitForEvent('serviceworker');
    await alice.page.locator('.me-button').click();
    worker = await started;
    await alice.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await alice.page.keyboard.press('Escape');
    unread = async () => (await meeting.call(countUnreadNotifications, { user_id: 'alice' })).unread_count;
  });

  afterAll(() => meeting?.close());

  beforeEach(async () => {
    await alice.page.goto(`${meeting.suite.origin}/rooms/general`);
    await alice.write('here I am');
    await alice.sees('here I am');
    await switchTo(alice, 'random');
    await meeting.post('chat/rooms/general/messages', { user_id: 'lou', username: 'Lou', content: '@Alice come' });
    await patiently(async () => expect(await unread()).toBeGreaterThan(0));
    const [told] = await meeting.call(listNotifications, { user_id: 'alice', limit: 1 });
    path = `/rooms/general/${told?.position}?notification=${told?.id}`;
  });

  /** @returns the addresses that the worker would open a tab for */
  const press = (): Promise<string[]> =>
    worker.evaluate(async (to) => {
      const scope = globalThis as unknown as WorkerScope;
      const opened: string[] = [];
      scope.clients.openWindow = async (url) => opened.push(url);
      await scope.registration.showNotification('Lou mentioned you', { tag: 'one', data: { path: to } });
      const [notification] = await scope.registration.getNotifications({ tag: 'one' });
      const work: Promise<unknown>[] = [];
      const waitUntil = (promise: Promise<unknown>) => work.push(promise);
      scope.dispatchEvent(Object.assign(new Event('notificationclick'), { notification, waitUntil }));
      await Promise.all(work);
      return opened;
    }, path);

  const showsMessage = async (page: Page): Promise<void> => {
    await page.locator('#room[data-room=general] .target', { hasText: '@Alice come' }).waitFor();
    await patiently(() => expect(path).toStartWith(`${new URL(page.url()).pathname}?`));
    await patiently(async () => expect(await unread()).toBe(0));
  };

  test('shows its message in the tab that is open in another room, which keeps what is written', async () => {
    await alice.page.locator('#text').fill('half a sentence');
    await alice.page.evaluate(() => Reflect.set(window, 'kept', true));
    expect(await press()).toEqual([]);
    await showsMessage(alice.page);
    expect(await alice.page.evaluate(() => Reflect.get(window, 'kept'))).toBeTrue();
    await switchTo(alice, 'random');
    expect(await alice.page.locator('#text').inputValue()).toBe('half a sentence');
    await alice.page.locator('#text').fill('');
    expect(
      await alice.page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).length),
    ).toBe(0);
  });

  test('opens a tab where none shows a room, and the message in it', async () => {
    await alice.page.goto(`${meeting.suite.origin}/notifications`);
    const opened = await press();
    expect(opened).toEqual([path]);
    await alice.page.goto(meeting.suite.origin + opened[0]);
    await showsMessage(alice.page);
  });

  test('leads to the door where nobody is signed in any more, and from there to the message', async () => {
    await alice.page.context().clearCookies({ name: 'parley_session' });
    expect(await press()).toEqual([]);
    await alice.page.getByLabel('Your name').fill('Alice');
    await alice.page.getByRole('button', { name: 'Join the conversation' }).click();
    await showsMessage(alice.page);
  });
});
