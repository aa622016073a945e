import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createParley } from '@parley/client';
import { newVapidEnvironment } from '@parley/notification/testing/vapid';
import { describeWith } from '@parley/testing/servers/servers';
import type { CDPSession } from 'playwright-core';
import { type Meeting, meet, type Person, patiently, shownNotifications } from './people.ts';

describeWith(['chromium'], 'notifications on a device', () => {
  let meeting: Meeting<[]>;
  let alice: Person;

  beforeAll(async () => {
    meeting = await meet([], { env: newVapidEnvironment() });
    alice = await meeting.comeIn('Alice', { permissions: ['notifications'] });
  });

  afterAll(() => meeting?.close());

  /** The browser's id of the page's service worker. */
  const registrationOf = (session: CDPSession): Promise<string> =>
    new Promise((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [registration] = registrations;
        if (registration) resolve(registration.registrationId);
      });
      void session.send('ServiceWorker.enable');
    });

  /**
   * Delivers a push, and waits until the browser has recorded the notification. It doesn't poll the list of notifications: Chromium drops one
   * that it is about to show when the list is read at that moment.
   */
  const push = async (session: CDPSession, registrationId: string, pushed: object): Promise<void> => {
    const displayed = new Promise<void>((resolve) => {
      session.once('BackgroundService.backgroundServiceEventReceived', () => resolve());
    });
    const data = JSON.stringify(pushed);
    await session.send('ServiceWorker.deliverPushMessage', { origin: meeting.suite.origin, registrationId, data });
    await displayed;
  };

  /** A session that records what the browser shows. */
  const observe = async (): Promise<CDPSession> => {
    const session = await alice.page.context().newCDPSession(alice.page);
    await session.send('BackgroundService.startObserving', { service: 'notifications' });
    await session.send('BackgroundService.setRecording', { shouldRecord: true, service: 'notifications' });
    return session;
  };

  test('are offered where the operator has set keys, and shown as they are pushed, with the room to open', async () => {
    const session = await observe();
    const registration = registrationOf(session);
    await alice.page.locator('.me-button').click();
    await alice.page.getByRole('button', { name: 'Notify me on this device' }).waitFor();
    // A browser subscribes only when the worker is active, so no real push comes before that.
    await alice.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await push(session, await registration, {
      ...{ id: 'n1', title: 'bob mentioned you', body: '<b>look</b>', room_id: 'devops', position: 7 },
    });
    expect(await shownNotifications(alice.page)).toEqual([
      {
        ...{ title: 'bob mentioned you', body: '<b>look</b>', tag: 'n1' },
        about: { path: expect.stringMatching(/^\/rooms\/devops/) },
      },
    ]);
    expect(alice.misdeeds).toEqual([]);
  });

  test('are replaced when their message is edited or deleted, silently, unless they were closed', async () => {
    const session = await observe();
    const registration = await registrationOf(session);
    const show = (id: string, body: string, change?: string) =>
      push(session, registration, {
        id,
        title: 'bob mentioned you',
        body,
        room_id: 'devops',
        ...(change && { change }),
      });
    const shown = async () =>
      (await shownNotifications(alice.page)).map(({ title, body, tag }) => `${tag} ${title}: ${body}`);
    await show('n1', 'a secret');
    await show('n2', 'old');
    await show('n2', 'new', 'corrected');
    await push(session, registration, { id: 'n1', room_id: 'devops', change: 'retracted' });
    expect((await shown()).toSorted()).toEqual(['n1 Message deleted: ', 'n2 bob mentioned you: new']);
    // A retraction of a notification that isn't shown has no visible effect: wait for the next push, which has one.
    const data = JSON.stringify({ id: 'n3', change: 'retracted' });
    await session.send('ServiceWorker.deliverPushMessage', {
      ...{ origin: meeting.suite.origin, registrationId: registration, data },
    });
    await show('n4', 'last');
    expect((await shown()).map((text) => text.slice(0, 2)).toSorted()).toEqual(['n1', 'n2', 'n4']);
  });

  test('are all kept, however fast they come and whatever is taken back between them', async () => {
    const session = await observe();
    const registration = await registrationOf(session);
    const ids = Array.from({ length: 40 }, (_, number) => `fast ${number}`);
    for (const id of ids) {
      const data = JSON.stringify({ id: 'not shown', change: 'retracted' });
      void session.send('ServiceWorker.deliverPushMessage', {
        ...{ origin: meeting.suite.origin, registrationId: registration, data },
      });
      await push(session, registration, { id, title: 'bob mentioned you', body: id });
    }
    expect((await shownNotifications(alice.page)).map(({ tag }) => tag)).toEqual(expect.arrayContaining(ids));
  });

  test('that are shown while their page is open are closed when their message is deleted', async () => {
    const session = await observe();
    const registration = await registrationOf(session);
    const user_id = (await alice.page.locator('#room').getAttribute('data-user')) ?? '';
    const { chat, notification } = createParley({ baseUrl: meeting.suite.origin });
    const { id: message_id } = await chat.sendMessage({
      room_id: 'devops',
      user_id: 'bob',
      content: '@Alice a secret',
    });
    const id = await patiently(async () => {
      const told = await notification.listNotifications({ user_id });
      return told.find((each) => each.message_id === message_id)?.id ?? expect.unreachable('Alice was not told');
    });
    await push(session, registration, { id, title: 'bob mentioned you', body: 'a secret' });
    const closed = new Promise<void>((resolve) => {
      session.on('BackgroundService.backgroundServiceEventReceived', ({ backgroundServiceEvent }) => {
        if (/closed/i.test(backgroundServiceEvent.eventName)) resolve();
      });
    });
    await alice.page.locator('#bell .badge', { hasText: '1' }).waitFor();
    await chat.deleteMessage({ room_id: 'devops', message_id, user_id: 'bob' });
    await closed;
    await alice.page.locator('#bell .badge', { hasText: '1' }).waitFor({ state: 'hidden' });
    expect((await shownNotifications(alice.page)).map(({ tag }) => tag)).not.toContain(id);
  });
});
