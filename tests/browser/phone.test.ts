/** The room on a phone: toasts and the drawer cover no message. Also the page in print, and without scripts. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { type Meeting, meet, type Person, patiently } from './people.ts';

const PHONE = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };
const LEAST_FIELD_PX = 250;

describeWith(['chromium'], 'someone with a phone', () => {
  let meeting: Meeting<[]>;
  let bob: Person;

  const say = (content: string, room = 'general') =>
    meeting.post(`chat/rooms/${room}/messages`, { user_id: 'ann', username: 'Ann', content });
  const toast = () => bob.page.locator('#toasts p').first();

  beforeAll(async () => {
    meeting = await meet([]);
    for (let index = 1; index <= 30; index += 1) await say(`number ${index}`);
    bob = await meeting.comeIn('Bob', { ...PHONE, path: '/rooms/random' });
  });

  afterAll(() => meeting?.close());

  test('opens the message that a toast tells of, and reads it while the toast is still there', async () => {
    await say('@Bob please read this');
    await toast().waitFor();
    await bob.page.locator('#bell').click();
    await bob.page.locator('#panel .notification a').first().click();
    await bob.page.locator('#log .target').waitFor();
    // Told anew, so that it surely still stands when it is looked at.
    await say('@Bob and this', 'devops');
    const [told, message] = await Promise.all([toast().boundingBox(), bob.page.locator('#log .target').boundingBox()]);
    if (!told || !message) throw new Error('The toast or the message is not shown');
    expect(told.y + told.height).toBeLessThanOrEqual(message.y);
  });

  test('sees in the list of rooms that nobody answers: the list goes', async () => {
    await bob.page.getByRole('button', { name: 'Rooms and people' }).click();
    await bob.page.context().setOffline(true);
    await bob.page.locator('#sidebar a[href="/rooms/random"]').click();
    await bob.page.locator('#toasts p', { hasText: 'There is no answer' }).waitFor();
    await bob.page.locator('#sidebar').waitFor({ state: 'hidden' });
    await bob.page.context().setOffline(false);
  });

  test('loses a text that is deleted from the page of notifications, without a reload', async () => {
    const answer = await fetch(`${meeting.suite.origin}/api/chat/rooms/general/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: 'ann', username: 'Ann', content: '@Bob the code is 4711' }),
    });
    const { id } = (await answer.json()) as { id: string };
    const text = bob.page.locator('.notification', { hasText: '4711' });
    await patiently(async () => {
      await bob.page.goto(`${meeting.suite.origin}/notifications`);
      expect(await text.count()).toBe(1);
    });
    const path = `/api/chat/rooms/general/messages/${id}?user_id=ann`;
    expect((await fetch(meeting.suite.origin + path, { method: 'DELETE' })).status).toBe(200);
    await text.waitFor({ state: 'detached' });
    expect(await bob.page.locator('.notification').count()).toBeGreaterThan(0);
    expect(bob.misdeeds).toEqual([]);
  });

  test('has room to write without scripts, too', async () => {
    const { page } = await meeting.comeIn('Nora', { ...PHONE, javaScriptEnabled: false });
    expect((await page.locator('#text').boundingBox())?.width).toBeGreaterThan(LEAST_FIELD_PX);
    const files = page.locator('#files');
    expect(await files.isVisible()).toBe(true);
    expect((await files.boundingBox())?.x).toBeGreaterThanOrEqual(0);
  });

  test('prints the whole of what the page has, and copies no time that isn’t seen', async () => {
    const { page } = await meeting.comeIn('Cleo');
    await page.locator('#log article', { hasText: 'number 30' }).waitFor();
    const copied = await page.locator('#log').evaluate((log) => {
      getSelection()?.selectAllChildren(log);
      return getSelection()?.toString() ?? '';
    });
    expect(copied).toContain('number 29');
    expect(copied.match(/\d:\d\d [AP]M/g)?.length ?? 0).toBeLessThan(10);
    await page.emulateMedia({ media: 'print' });
    const scroll = page.locator('#scroll');
    expect(await scroll.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(0);
    expect(await page.locator('#text').isVisible()).toBe(false);
  });
});
