import { afterAll, beforeAll, expect, test } from 'bun:test';
import { eventually } from '@parley/kit/testing/eventually';
import { describeWith } from '@parley/kit/testing/servers';
import { newVapidEnvironment } from '@parley/notification/testing/vapid';
import type { CDPSession } from 'playwright-core';
import { type Meeting, meet, PATIENCE_MS, type Person, shownNotifications } from './people.ts';

describeWith(['chromium'], 'notifications on a device', () => {
  let meeting: Meeting<[]>;
  let alice: Person;

  beforeAll(async () => {
    meeting = await meet([], { env: newVapidEnvironment() });
    alice = await meeting.comeIn('Alice', { permissions: ['notifications'] });
  });

  afterAll(() => meeting?.close());

  /** The id by which the browser knows the page's service worker. */
  const registrationOf = (session: CDPSession): Promise<string> =>
    new Promise((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [registration] = registrations;
        if (registration) resolve(registration.registrationId);
      });
      void session.send('ServiceWorker.enable');
    });

  test('are offered where the operator has set keys, and shown as they are pushed, with the room to open', async () => {
    const session = await alice.page.context().newCDPSession(alice.page);
    const registration = registrationOf(session);
    await alice.page.locator('.me-button').click();
    await alice.page.getByRole('button', { name: 'Notify me on this device' }).waitFor();
    // A real push comes after a subscription, which a browser makes only once the worker is active.
    await alice.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    const data = JSON.stringify({
      id: 'n1',
      title: 'Bob mentioned you',
      body: '<b>look</b>',
      room_id: 'devops',
      position: 1,
    });
    await session.send('ServiceWorker.deliverPushMessage', {
      origin: meeting.suite.origin,
      registrationId: await registration,
      data,
    });
    await eventually(
      async () => {
        expect(await shownNotifications(alice.page)).toEqual([
          {
            title: 'Bob mentioned you',
            body: '<b>look</b>',
            tag: 'n1',
            about: { path: '/rooms/devops/1?notification=n1' },
          },
        ]);
      },
      { timeoutMs: PATIENCE_MS },
    );
    expect(alice.misdeeds).toEqual([]);
  });
});
