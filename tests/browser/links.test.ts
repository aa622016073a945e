/** The targets of links in messages and notifications, for every way of opening a link. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { listMessages } from '@parley/client/api/chat';
import { countUnreadNotifications } from '@parley/client/api/notification';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page } from 'playwright-core';
import { type Meeting, meet, type Person, patiently } from './people.ts';

describeWith(['chromium'], 'a visit', () => {
  let meeting: Meeting<['Alice', 'Kim']>;
  let alice: Person;
  let kim: Person;
  let home = '';

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Kim']);
    [alice, kim] = meeting.people;
    home = `${meeting.suite.origin}/rooms/general`;
  });

  afterAll(() => meeting?.close());

  const goHome = async ({ page }: Person): Promise<void> => {
    await page.goto(home);
    await page.locator('#log').waitFor();
  };

  /** Whether the document is still the same one, not a newly loaded one. */
  const mark = (page: Page) => page.evaluate(() => Reflect.set(window, 'kept', true));
  const isKept = (page: Page) => page.evaluate(() => Reflect.get(window, 'kept') === true);

  const pathOf = (page: Page): string => {
    const { pathname, search } = new URL(page.url());
    return pathname + search;
  };

  describe('by a link in a message', () => {
    const say = (content: string) =>
      meeting.post('chat/rooms/general/messages', { user_id: 'mallory', username: 'Mallory', content });

    test('to a room is made in place, from a live message and a loaded one', async () => {
      await goHome(alice);
      await say('see [the plan](/rooms/devops) and [its start](/rooms/devops/1)');
      for (const [label, shown] of [
        ['the plan', '/rooms/devops'],
        ['its start', '/rooms/devops/1'],
      ] as const)
        for (const isLoaded of [false, true]) {
          if (isLoaded) await goHome(alice);
          await mark(alice.page);
          await alice.page.locator('#log a', { hasText: label }).last().click();
          await alice.page.locator('#room[data-room=devops]').waitFor();
          await patiently(() => expect(pathOf(alice.page)).toBe(shown));
          expect(await isKept(alice.page)).toBe(true);
          await alice.page.goBack();
          await alice.page.locator('#room[data-room=general]').waitFor();
        }
    });

    test('to anything else is the browser’s', async () => {
      for (const path of ['/rooms/general/messages/x/edit', '/status', '/notifications']) {
        await goHome(alice);
        await say(`[elsewhere](${path})`);
        await mark(alice.page);
        await alice.page.locator(`#log a[href="${path}"]`).last().click();
        await patiently(() => expect(pathOf(alice.page)).toBe(path));
        await patiently(async () => expect(await isKept(alice.page)).toBeFalse());
      }
    });
  });

  test('back and forward between a room and a page that is laid out otherwise looks as before', async () => {
    const { page } = alice;
    const looksOf = async (inside: string) => ({
      box: await page.locator(inside).boundingBox(),
      attributes: await page
        .locator('#page')
        .evaluate(({ attributes }) => Object.fromEntries([...attributes].map(({ name, value }) => [name, value]))),
    });
    await goHome(alice);
    await mark(page);
    const room = await looksOf('.dock');
    await page.locator('a[href="/new-room"]').click();
    await page.locator('main.sheet').waitFor();
    const sheet = await looksOf('main.sheet');
    expect(sheet.attributes).not.toEqual(room.attributes);
    await page.goBack();
    await page.locator('.dock').waitFor();
    await patiently(async () => expect(await looksOf('.dock')).toEqual(room));
    await page.goForward();
    await page.locator('main.sheet').waitFor();
    await patiently(async () => expect(await looksOf('main.sheet')).toEqual(sheet));
    expect(await isKept(page)).toBeTrue();
  });

  describe('by a notification', () => {
    /** The position of the mention. */
    let place = '';
    let text = '';
    let count = 0;

    const unread = async (): Promise<number> =>
      (await meeting.call(countUnreadNotifications, { user_id: 'kim' })).unread_count;

    const hasOpened = async (page: Page): Promise<void> => {
      await page.locator('#room[data-room=devops] .target', { hasText: text }).waitFor();
      await patiently(() => expect(pathOf(page).split('?')[0]).toBe(place));
      await patiently(async () => expect(await unread()).toBe(0));
      await page.locator('#bell .badge:not([hidden])').waitFor({ state: 'detached' });
    };

    beforeEach(async () => {
      // In the open room mentions are read at once, so this person is elsewhere.
      await goHome(kim);
      await fetch(`${meeting.suite.origin}/api/notifications/kim/read-all`, { method: 'PATCH' });
      count += 1;
      text = `@Kim look at number ${count}`;
      // A person who has written in a room is known there, and can be mentioned.
      if (count === 1)
        await meeting.post('chat/rooms/devops/messages', { user_id: 'kim', username: 'Kim', content: 'hi' });
      await meeting.post('chat/rooms/devops/messages', { user_id: 'jonas', username: 'Jonas Weber', content: text });
      const list = await meeting.call(listMessages, { room_id: 'devops', limit: 1 });
      place = `/rooms/devops/${list[0]?.position}`;
      await patiently(async () => expect(await unread()).toBe(1));
      await kim.page.locator('#bell .badge', { hasText: '1' }).waitFor();
    });

    const openPanel = async () => {
      await kim.page.locator('#bell').click();
      const entry = kim.page.locator('#panel .notification a').first();
      await entry.waitFor();
      return entry;
    };

    test('in the panel leads to its message and reads it, in place, with an address to hand on', async () => {
      const entry = await openPanel();
      expect(await entry.locator('strong').innerText()).toBe('Jonas Weber mentioned you');
      await mark(kim.page);
      await entry.click();
      await hasOpened(kim.page);
      expect([pathOf(kim.page), await isKept(kim.page)]).toEqual([place, true]);
      expect(await kim.page.locator('#panel:popover-open').count()).toBe(0);
      await kim.page.goBack();
      await kim.page.locator('#room[data-room=general]').waitFor();
    });

    test('in the panel is pressed by Enter, too', async () => {
      const entry = await openPanel();
      await entry.focus();
      await kim.page.keyboard.press('Enter');
      await hasOpened(kim.page);
    });

    test('is opened in a tab of its own by the middle button', async () => {
      const entry = await openPanel();
      const opened = kim.page.context().waitForEvent('page');
      await entry.click({ button: 'middle' });
      const tab = await opened;
      await hasOpened(tab);
      await tab.close();
      expect(pathOf(kim.page)).toBe('/rooms/general');
      await kim.page.locator('#bell .badge:not([hidden])').waitFor({ state: 'detached' });
    });

    test('on the page of notifications leads there, too, by mouse and keyboard', async () => {
      await kim.page.goto(`${meeting.suite.origin}/notifications`);
      const entry = kim.page.locator('.notification a').first();
      if (count % 2) await entry.click();
      else {
        await entry.focus();
        await kim.page.keyboard.press('Enter');
      }
      await hasOpened(kim.page);
    });

    test('works without JavaScript', async () => {
      const context = await meeting.browser.newContext({ javaScriptEnabled: false });
      await context.addCookies(await kim.page.context().cookies());
      const page = await context.newPage();
      await page.goto(`${meeting.suite.origin}/notifications`);
      await page.locator('.notification a').first().click();
      await hasOpened(page);
      await context.close();
    });

    test('of before messages were named leads to its room', async () => {
      const old = {
        user_id: 'kim',
        title: 'Ann mentioned you',
        body: 'long ago',
        notif_type: 'mention',
        room_id: 'random',
      };
      await meeting.post('notifications', old);
      await kim.page.locator('#bell .badge', { hasText: '2' }).waitFor();
      await (await openPanel()).click();
      await kim.page.locator('#room[data-room=random]').waitFor();
      await patiently(() => expect(pathOf(kim.page)).toBe('/rooms/random'));
      await kim.page.locator('#bell .badge', { hasText: '1' }).waitFor();
    });

    test('after the session ended leads to the door, and from there to the message', async () => {
      const entry = await openPanel();
      await kim.page.context().clearCookies({ name: 'parley_session' });
      await entry.click();
      await kim.page.getByLabel('Your name').fill('Kim');
      await kim.page.getByRole('button', { name: 'Join the conversation' }).click();
      await hasOpened(kim.page);
    });
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...kim.misdeeds]).toEqual([]);
  });
});
