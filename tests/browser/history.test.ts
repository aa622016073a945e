import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { type Meeting, meet, type Person, patiently, textsOf } from './people.ts';

const MESSAGES = '**/api/chat/rooms/long/messages*';
const ANSWER_AFTER_MS = 600;
/** A scroll that a key started has ended after this time. */
const SCROLLED_AFTER_MS = 700;

describeWith(['chromium'], 'history that is read while others write', () => {
  let meeting: Meeting<['Alice']>;
  let alice: Person;

  const say = (content: string): Promise<void> =>
    meeting.post('chat/rooms/long/messages', { user_id: 'zed', username: 'Zed', content });

  /** Delays answers with history: each has the state at the time of the request. @returns resolves when the first answer was read */
  const slowly = async (): Promise<{ read: Promise<void> }> => {
    const { promise: read, resolve } = Promise.withResolvers<void>();
    await alice.page.route(MESSAGES, async (route) => {
      const response = await route.fetch();
      resolve();
      await Bun.sleep(ANSWER_AFTER_MS);
      await route.fulfill({ response });
    });
    return { read };
  };

  const comeTo = async (path: string): Promise<void> => {
    await alice.page.goto(meeting.suite.origin + path);
    await alice.page.locator('#log article').first().waitFor();
  };

  beforeAll(async () => {
    meeting = await meet(['Alice']);
    [alice] = meeting.people;

    await meeting.post('chat/rooms', { id: 'long', name: 'long' });
    for (let index = 1; index <= 250; index += 1) await say(`old ${index}`);
  });

  afterEach(() => alice.page.unrouteAll({ behavior: 'wait' }));

  afterAll(() => meeting?.close());

  test('a jump to the newest leaves out nothing that was said during the jump', async () => {
    await comeTo('/rooms/long/100');
    await alice.page.locator('#jump').waitFor();
    const { read } = await slowly();
    await alice.page.locator('#jump').click();
    await read;
    const said = Array.from({ length: 5 }, (_, index) => `meanwhile ${index + 1}`);
    for (const text of said) await say(text);
    await Bun.sleep(ANSWER_AFTER_MS);
    await say('afterwards');
    await alice.sees('afterwards');
    expect((await textsOf(alice.page)).slice(-6)).toEqual([...said, 'afterwards']);
  });

  test('who goes to the newest in the middle of a scroll gets there and stays', async () => {
    await comeTo('/rooms/long');
    const { page } = alice;
    const scroll = page.locator('#scroll');
    const offset = () => scroll.evaluate(({ scrollTop }) => scrollTop);
    for (let round = 0; round < 5; round += 1) {
      await scroll.focus();
      await page.keyboard.press('Home');
      await patiently(async () => expect(await offset()).toBeLessThan(-200));
      await page.keyboard.press('End');
      await Bun.sleep(SCROLLED_AFTER_MS);
      expect(await offset()).toBe(0);
    }
  });

  test('an older message that is deleted while it is being read doesn’t come back', async () => {
    await comeTo('/rooms/long');
    await alice.write('to be deleted');
    await alice.sees('to be deleted');
    const article = alice.page.locator('#log article', { hasText: 'to be deleted' });
    const id = (await article.getAttribute('id'))?.replace('m-', '');
    for (let index = 1; index <= 60; index += 1) await say(`later ${index}`);
    const { read } = await slowly();
    await comeTo('/rooms/long');
    await alice.page.locator('#scroll').evaluate((scroll) => scroll.scrollTo(0, -scroll.scrollHeight));
    await read;
    const gone = await fetch(`${meeting.suite.origin}/api/chat/rooms/long/messages/${id}?user_id=alice`, {
      method: 'DELETE',
    });
    expect(gone.status).toBe(200);
    await alice.page.locator(`#m-${id}.gone`).waitFor();
    expect(await textsOf(alice.page)).not.toContain('to be deleted');
  });

  test('what comes as one leaves for another page is no business of that page', async () => {
    await comeTo('/rooms/long');
    await alice.page.evaluate(() => {
      const { requestAnimationFrame } = window;
      window.requestAnimationFrame = (draw) => window.setTimeout(() => requestAnimationFrame(draw), 500);
    });
    const log = await alice.page.locator('#log').elementHandle();
    await say('at the door');
    await alice.page.evaluate(() => document.querySelector<HTMLElement>('a[href="/status"]')?.click());
    await alice.page.locator('.sheet').waitFor();
    await patiently(async () => expect(await log?.evaluate(({ isConnected }) => isConnected)).toBe(false));
    await Bun.sleep(ANSWER_AFTER_MS * 2);
    expect(alice.misdeeds).toEqual([]);
  });
});
