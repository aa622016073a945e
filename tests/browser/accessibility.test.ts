import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { attach, rowOf, textFile } from './files.ts';
import { type Meeting, meet, type Person } from './people.ts';

/** What axe finds that is serious or critical, as `rule: element`. */
const seriousFaults = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (Reflect.get(window, 'axe') as typeof axe).run(document, {
      resultTypes: ['violations'],
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary}`),
      );
  });
};

describeWith(['chromium'], 'for everyone', () => {
  let meeting: Meeting<[]>;

  beforeAll(async () => {
    meeting = await meet([]);
  });

  afterAll(() => meeting?.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    describe(`axe finds nothing serious, ${colorScheme}`, () => {
      let alice: Person;

      beforeAll(async () => {
        alice = await meeting.comeIn(`Alice ${colorScheme}`, { colorScheme });
        await alice.write(
          'Some **words**, `code`, @someone and https://example.com\n\n> quoted\n\n```js\nlet a = 1; // one\n```',
        );
        await alice.write(`@Alice ${colorScheme} is me`);
        await alice.page
          .locator('#files')
          .setInputFiles({ name: `${colorScheme}.txt`, mimeType: 'text/plain', buffer: Buffer.from('a') });
        await alice.sees(`${colorScheme}.txt`);
        await alice.page.locator('#pending article').waitFor({ state: 'detached' });
      });

      afterAll(() => alice.leave());

      const opens = (name: string, path: string, prepare?: (page: Page) => Promise<unknown>) =>
        test(name, async () => {
          await alice.page.goto(meeting.suite.origin + path);
          await prepare?.(alice.page);
          expect(await seriousFaults(alice.page)).toEqual([]);
        });

      opens('in a room', '/rooms/general');
      test('in a room with messages and files that wait', async () => {
        const { page } = alice;
        await page.goto(`${meeting.suite.origin}/rooms/general`);
        await page.context().setOffline(true);
        await page.locator('#connection', { hasText: 'Offline' }).waitFor();
        await alice.write(
          'Some **words**, `code`, @someone and https://example.com\n\n> quoted\n\n```js\nlet a = 1; // one\n```',
        );
        await page.locator('#pending article').waitFor();
        await attach(alice, textFile('waits.txt'));
        await rowOf(alice, 'waits.txt').getByText('There is no connection').waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        await page.getByRole('button', { name: 'Cancel waits.txt' }).click();
        await page.context().setOffline(false);
        await page.locator('#pending article').waitFor({ state: 'detached' });
      });

      opens('in a room with a message’s buttons shown', '/rooms/general', (page) =>
        page.locator('article').last().hover(),
      );
      opens('in a room with the panel open', '/rooms/general', async (page) => {
        await page.locator('#bell').click();
        await page.locator('#panel #notifications').waitFor();
      });
      opens('in a room with one’s menu open', '/rooms/general', (page) => page.locator('.me-button').click());
      opens('in a room while a name is completed', '/rooms/general', async (page) => {
        await page.locator('#text').pressSequentially('@a');
        await page.locator('#choices').waitFor();
      });
      opens('in a room with the list of shortcuts', '/rooms/general', async (page) => {
        await page.locator('#scroll').focus();
        await page.keyboard.press('?');
        await page.locator('dialog').waitFor();
      });
      opens('in a room while a message is edited', '/rooms/general', async (page) => {
        await page.locator('#text').fill('');
        await page.locator('#text').press('ArrowUp');
        await page.locator('.editor').waitFor();
      });
      opens('at a message', '/rooms/general/2');
      opens('creating a room', '/new-room');
      opens('on the notifications’ page', '/notifications');
      opens('on the account’s page', '/account');
      opens('on the status page', '/status');
      opens('where nothing is', '/nowhere');
      opens('in a room that is not there', '/rooms/nowhere');

      test('at the door, also when it refuses', async () => {
        const page = await (await meeting.browser.newContext({ colorScheme })).newPage();
        await page.goto(meeting.suite.origin);
        expect(await seriousFaults(page)).toEqual([]);
        await page.getByLabel('Your name').fill('###');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        await page.context().close();
      });

      test('on a phone, with the drawer open', async () => {
        const phone = await meeting.comeIn(`Phone ${colorScheme}`, {
          colorScheme,
          viewport: { width: 390, height: 780 },
        });
        expect(await seriousFaults(phone.page)).toEqual([]);
        await phone.page.getByRole('button', { name: 'Rooms and people' }).click();
        expect(await seriousFaults(phone.page)).toEqual([]);
        await phone.leave();
      });
    });
  }

  test('the log is a labelled region that reads no history aloud; what comes new is said', async () => {
    const alice = await meeting.comeIn('Listener');
    const bob = await meeting.comeIn('Speaker');
    const log = alice.page.locator('#log');
    expect([await log.getAttribute('role'), await log.getAttribute('aria-live')]).toEqual(['log', 'off']);
    expect(await log.getAttribute('aria-label')).toContain('general');
    expect(await alice.page.locator('#announcer').textContent()).toBe('');
    await bob.write('listen to this');
    await alice.page.locator('#announcer', { hasText: 'Speaker: listen to this' }).waitFor({ state: 'attached' });
    await alice.leave();
    await bob.leave();
  });
});
