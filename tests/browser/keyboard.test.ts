import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import type { Page } from 'playwright-core';
import { createKeys, type Keys } from './keys.ts';
import { type Meeting, meet, PATIENCE_MS, type Person } from './people.ts';

const HISTORY = 120;

describeWith(['chromium'], 'the keyboard alone is enough', () => {
  let meeting: Meeting<['Kim', 'Lou']>;
  let kim: Person;
  let page: Page;
  let press: Keys['press'];
  let tabTo: Keys['tabTo'];
  let backTo: Keys['backTo'];
  let landsOn: Keys['landsOn'];

  const isIn = (room: string): Promise<void> => page.locator(`#room[data-room="${room}"]`).waitFor();

  beforeAll(async () => {
    meeting = await meet(['Kim', 'Lou']);
    [kim] = meeting.people;
    page = kim.page;
    ({ press, tabTo, backTo, landsOn } = createKeys(page));
    // The browser reports dialogs only while a listener is registered, and a key may be pressed before the browser knows of a new one.
    page.on('filechooser', () => undefined);
    await meeting.post('chat/rooms', { id: 'long', name: '# long' });
    for (let index = 1; index <= HISTORY; index += 1)
      await meeting.post('chat/rooms/long/messages', { user_id: 'lou', username: 'Lou', content: `line ${index}` });
  });

  afterAll(() => meeting?.close());

  beforeEach(async () => {
    await page.goto(`${meeting.suite.origin}/rooms/general`);
    await landsOn('#text');
  });

  test('to come in', async () => {
    const { page: other, close } = await meeting.browser.newContext().then(async (context) => ({
      page: await context.newPage(),
      close: () => context.close(),
    }));
    other.setDefaultTimeout(PATIENCE_MS);
    await other.goto(meeting.suite.origin);
    await other.locator('#name:focus').waitFor();
    await other.keyboard.type('Robin');
    await other.keyboard.press('Enter');
    await other.locator('#log').waitFor();
    await close();
  });

  test('to write, edit and delete', async () => {
    await page.keyboard.type('by keyboard');
    await press('Enter');
    await kim.sees('by keyboard');
    await page.locator('#pending article').waitFor({ state: 'detached' });
    await landsOn('#text');
    await press('ArrowUp');
    await landsOn('.editor textarea');
    await page.keyboard.type(' alone');
    await press('Enter');
    await kim.sees('by keyboard alone');
    await landsOn('#text');
    await backTo('#scroll');
    await press('k');
    await landsOn('#log article');
    await press('Delete');
    await landsOn('dialog button[value=yes]');
    await press('Enter');
    await kim.sees('This message was deleted');
    await landsOn('#log article.gone');
    await press('Escape');
    await landsOn('#text');
  });

  test('to find a room, go to the next, and create one', async () => {
    await press('Control+k');
    await landsOn('#find');
    await page.keyboard.type('dev');
    await press('Enter');
    await isIn('devops');
    await landsOn('#text');
    await press('Alt+ArrowDown');
    await isIn('general');
    await landsOn('#text');
    await backTo('a[href="/new-room"]');
    await press('Enter');
    await landsOn('#name');
    await page.keyboard.type('quiet corner');
    await press('Enter');
    await isIn('quiet-corner');
    await landsOn('#text');
  });

  test('to go from part to part of the page, past all that is in them', async () => {
    for (const part of ['#rooms [aria-current]', '#bell', '#scroll', '#text', '#rooms [aria-current]']) {
      await press('F6');
      await landsOn(part);
    }
    await press('Shift+F6');
    await landsOn('#text');
  });

  test('to send a file, and to cancel one', async () => {
    const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) });
    await backTo('#files');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press('Enter')]);
    await chooser.setFiles(file('minutes.txt'));
    await kim.sees('minutes.txt');
    await landsOn('#files');
    await page.route('**/api/files/upload*', () => undefined);
    const [again] = await Promise.all([page.waitForEvent('filechooser'), press('Space')]);
    await again.setFiles(file('slow.txt'));
    await backTo('#uploads button');
    await press('Enter');
    await page.locator('#uploads li').waitFor({ state: 'detached' });
    await landsOn('#text');
    await page.unroute('**/api/files/upload*');
  });

  test('to complete a name by arrows', async () => {
    await meeting.post('chat/rooms/general/messages', { user_id: 'lois', username: 'Lois', content: 'hello' });
    await page.keyboard.type('ask @lo');
    await page.locator('#choices [role=option]').nth(1).waitFor();
    const chosen = () => page.locator('#choices [aria-selected=true]').innerText();
    const [first, second] = await page.locator('#choices bdi').allInnerTexts();
    await press('ArrowDown');
    expect(await chosen()).toContain(second ?? '');
    await press('ArrowDown', 'ArrowUp', 'ArrowUp');
    expect(await chosen()).toContain(first ?? '');
    await press('ArrowUp', 'Enter');
    expect(await page.locator('#text').inputValue()).toBe(`ask @${second} `);
    await landsOn('#text');
    await page.locator('#text').fill('');
  });

  test('to read and delete notifications, one by one and all', async () => {
    for (const body of ['one', 'two', 'three'])
      await meeting.post('notifications', { user_id: 'kim', title: 'Lou mentioned you', body, notif_type: 'mention' });
    await page.locator('#bell .badge', { hasText: '3' }).waitFor();
    await backTo('#bell');
    await press('Enter');
    await page.locator('#panel .notification').nth(2).waitFor();
    await landsOn('#panel');
    await tabTo('#panel [aria-label="Mark as read"]');
    await press('Enter');
    await page.locator('#panel .fresh').nth(2).waitFor({ state: 'detached' });
    await landsOn('#panel button');
    await tabTo('#panel [aria-label="Delete"]');
    await press('Enter');
    await page.locator('#panel .notification').nth(2).waitFor({ state: 'detached' });
    await landsOn('#panel button');
    await backTo('#panel .quiet');
    await press('Enter');
    await page.locator('#panel .fresh').first().waitFor({ state: 'detached' });
    await landsOn('#panel button');
    await press('Escape');
    await landsOn('#bell');
  });

  test('to send a refused message again, and to discard it', async () => {
    await page.locator('#text').fill('x'.repeat(8_100));
    await press('Enter');
    await page.locator('#pending .refused').waitFor();
    await landsOn('#text');
    await backTo('[data-act=retry]');
    await press('Enter');
    await page.locator('#pending .refused').waitFor();
    await backTo('[data-act=discard]');
    await press('Enter');
    await page.locator('#pending article').waitFor({ state: 'detached' });
    await landsOn('#text');
  });

  test('to load what is older, and to come back to the newest', async () => {
    await press('Control+k');
    await landsOn('#find');
    await page.keyboard.type('long');
    await press('Enter');
    await isIn('long');
    await kim.sees(`line ${HISTORY}`);
    await landsOn('#text');
    await press('Shift+F6');
    await landsOn('#scroll');
    await eventually(
      async () => {
        await press('Home');
        expect(await page.locator('#beginning').isVisible()).toBe(true);
      },
      { timeoutMs: PATIENCE_MS },
    );
    await kim.sees('line 1');
    await landsOn('#scroll');
    await press('End');
    await page.locator('#jump').waitFor({ state: 'hidden' });
    await landsOn('#scroll');
    await press('Home');
    await page.locator('#jump').waitFor();
    await press('c');
    await backTo('#jump');
    await press('Enter');
    await page.locator('#jump').waitFor({ state: 'hidden' });
    await landsOn('#text');
  });

  test('to open a message by its time, and to go back and forward', async () => {
    await meeting.post('chat/rooms/general/messages', { user_id: 'lou', username: 'Lou', content: 'link me' });
    await kim.sees('link me');
    await backTo('#scroll');
    await press('k');
    await landsOn('#log article');
    await tabTo('#log article .time');
    await press('Enter');
    await page.locator('.target', { hasText: 'link me' }).waitFor();
    await landsOn('#text');
    await page.goBack();
    await page.locator('.target').waitFor({ state: 'detached' });
    await landsOn('#text');
    await page.goForward();
    await page.locator('.target').waitFor();
    await landsOn('#text');
  });

  test('to switch the colours, read the shortcuts, go to a page without a room, and leave', async () => {
    await backTo('.me-button');
    await press('Enter');
    await tabTo('#me-menu [value=dark]');
    await press('Enter');
    await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    await landsOn('#me-menu [value=dark]');
    await tabTo('#me-menu [data-act=shortcuts]');
    await press('Enter');
    await landsOn('dialog button');
    await press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await landsOn('#text');
    await backTo('.me-button');
    await press('Enter');
    await tabTo('#me-menu [href="/status"]');
    await press('Enter');
    await page.locator('.status').waitFor();
    await landsOn('.sheet');
    await tabTo('.row a[href="/"]');
    await press('Enter');
    await isIn('general');
    await landsOn('#text');
    await backTo('.me-button');
    await press('Enter');
    await tabTo('#me-menu form[action="/sign-out"] button');
    await press('Enter');
    await page.getByLabel('Your name').waitFor();
    await landsOn('#name');
    await page.keyboard.type('Kim');
    await press('Enter');
    await isIn('general');
  });

  test('and did nothing that a page must not do', () => {
    expect(kim.misdeeds).toEqual([]);
  });
});
