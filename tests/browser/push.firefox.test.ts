/** Web Push through a real browser that subscribes, decrypts and shows. Only the push service is a fake. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { newVapidEnvironment } from '@parley/notification/testing/vapid';
import { freePort } from '@parley/testing/servers/programs';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page } from 'playwright-core';
import { launchFirefox } from './firefox.ts';
import { type Meeting, meet, PATIENCE_MS, type Person, patiently, shownNotifications } from './people.ts';
import { DELIVERED, type PushService, startPushService } from './push-service.ts';

const ON = 'Notify me on this device';
const OFF = 'Stop notifying me on this device';

describeWith(['firefox'], 'a mention while no page is open', () => {
  const vapid = newVapidEnvironment();
  const metricsPort = freePort();
  let pushService: PushService;
  let meeting: Meeting<['Alice']>;
  let alice: Person;

  beforeAll(async () => {
    pushService = startPushService();
    meeting = await meet(['Alice'], {
      env: { NOTIFICATION_METRICS_PORT: String(metricsPort), ...vapid, PUSH_ALLOW_LOOPBACK: 'true' },
      launch: () => launchFirefox(pushService.preferences),
    });
    [alice] = meeting.people;
    // A person who has written in a room is known there, and can be mentioned.
    await alice.write('I am off now');
    await alice.sees('I am off now');
  });

  afterAll(async () => {
    await meeting?.close();
    await pushService?.close();
  });

  /** Presses the button, and waits until it offers the opposite. */
  const press = async (page: Page, name: string): Promise<void> => {
    await page.locator('.me-button').click();
    await page.getByRole('button', { name }).click();
    await page.getByRole('button', { name: name === ON ? OFF : ON }).waitFor();
    await page.keyboard.press('Escape');
  };

  /** Posts a message by chat's API. */
  const mention = (content: string, name = 'Alice'): Promise<void> =>
    meeting.post('chat/rooms/general/messages', { user_id: 'bob', username: 'Bob', content: `@${name} ${content}` });

  /** The notification service's counts of pushes by outcome. */
  const countOf = async (outcome: string): Promise<number> => {
    const metrics = await (await fetch(`http://localhost:${metricsPort}/metrics`)).text();
    const lines = metrics.split('\n').filter((line) => line.startsWith('parley_push_sent_total{'));
    return Number(
      lines
        .find((line) => line.includes(outcome))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  };

  const open = async (path: string): Promise<Page> => {
    const page = await alice.page.context().newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    // In the open room mentions are read at once, and the bell would count none.
    await page.addInitScript(() => {
      document.hasFocus = () => false;
    });
    await page.goto(meeting.suite.origin + path);
    return page;
  };

  test('is encrypted for the browser that subscribed, signed by the operator, and shown with the room to open', async () => {
    await press(alice.page, ON);
    expect([...pushService.channels.values()]).toEqual([vapid.VAPID_PUBLIC_KEY]);
    await alice.page.close();
    await mention('look at **this**');
    await patiently(() => expect(pushService.verdicts).toEqual([DELIVERED]));
    const [post] = pushService.posts;
    expect(post).toMatchObject({
      status: 201,
      vapidKey: vapid.VAPID_PUBLIC_KEY,
      channel: [...pushService.channels.keys()][0],
    });
    expect(post?.body.includes('look at')).toBeFalse();
    // An address of the same origin that is no page of Parley.
    const witness = await open('/sw.js');
    await patiently(async () =>
      expect(await shownNotifications(witness)).toEqual([
        {
          title: 'Bob mentioned you',
          body: '@Alice look at **this**',
          tag: expect.stringMatching(/./),
          about: { path: expect.stringMatching(/^\/rooms\/general\/\d+\?notification=[\w-]{36}$/) },
        },
      ]),
    );
    await witness.close();
    expect(alice.misdeeds).toEqual([]);
    expect(await countOf('delivered')).toBe(1);
  });

  test('is not pushed any more once the device is told to stop, and again when it is told to go on', async () => {
    const page = await open('/rooms/random');
    await press(page, OFF);
    await patiently(() => expect(pushService.channels.size).toBe(0));
    await mention('you have stopped this');
    await page.locator('#bell .badge', { hasText: '2' }).waitFor();
    await press(page, ON);
    await mention('you wanted this');
    await patiently(() => expect(pushService.verdicts).toEqual([DELIVERED, DELIVERED]));
    expect(pushService.posts.map(({ channel }) => pushService.channels.has(channel))).toEqual([false, true]);
    await page.close();
  });

  test('is not pushed any more once the push service says that the subscription is gone', async () => {
    pushService.channels.clear();
    await mention('nobody is there');
    await patiently(async () => expect(await countOf('gone')).toBe(1));
    await mention('nobody is asked');
    const page = await open('/rooms/random');
    await page.locator('#bell .badge', { hasText: '5' }).waitFor();
    await press(page, OFF);
    await press(page, ON);
    await mention('somebody is there again');
    await patiently(() => expect(pushService.verdicts).toEqual([DELIVERED, DELIVERED, DELIVERED]));
    expect(pushService.posts.map(({ status }) => status)).toEqual([201, 201, 410, 201]);
    await page.close();
  });

  test('is pushed to whom the device says it is for, also where the session before was lost', async () => {
    await alice.page.context().clearCookies();
    const page = await open('/rooms/general');
    const saved = page.waitForResponse(/push.subscriptions/);
    await page.getByLabel('Your name').fill('Carol');
    await page.getByRole('button', { name: 'Join the conversation' }).click();
    await page.locator('#text').fill('It is mine now');
    await page.locator('#text').press('Enter');
    await page.locator('#log article', { hasText: 'It is mine now' }).waitFor();
    expect((await saved).ok()).toBeTrue();
    await mention('for your eyes alone');
    await mention('for yours', 'Carol');
    await patiently(async () =>
      expect((await shownNotifications(page)).map(({ body }) => body)).toContain('@Carol for yours'),
    );
    expect((await shownNotifications(page)).map(({ body }) => body)).not.toContain('@Alice for your eyes alone');
    await page.close();
  });

  test('is pushed under new keys, too, from the next page on', async () => {
    const newVapid = newVapidEnvironment();
    await meeting.suite.kill();
    await meeting.suite.start(newVapid);
    const page = await open('/rooms/general');
    await patiently(() => expect([...pushService.channels.values()]).toEqual([newVapid.VAPID_PUBLIC_KEY]));
    await page.locator('.me-button').click();
    await page.getByRole('button', { name: OFF }).waitFor();
    await mention('under another key', 'Carol');
    await patiently(() =>
      expect(pushService.posts.at(-1)).toMatchObject({ status: 201, vapidKey: newVapid.VAPID_PUBLIC_KEY }),
    );
    // The old subscription is gone: the service pushes to one device.
    const tried = pushService.posts.length;
    await mention('once', 'Carol');
    await patiently(() => expect(pushService.posts).toHaveLength(tried + 1));
    await page.close();
  });

  test('is not pushed any more to a device that was signed out on', async () => {
    const page = await open('/rooms/general');
    expect(await shownNotifications(page)).not.toBeEmpty();
    await page.locator('.me-button').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Your name').waitFor();
    await patiently(() => expect(pushService.channels.size).toBe(0));
    expect(await shownNotifications(page)).toBeEmpty();
    await page.close();
  });
});
