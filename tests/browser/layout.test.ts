import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page } from 'playwright-core';
import { type Meeting, meet, type Person, patiently } from './people.ts';

const LONG_NAME = 'Maximiliane-Alexandra von und zu Hohenfels-Wartenberg-Lang III';
const LONG_WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3);
const TOPIC = 'What leaves when, who drives, what to do when the brakes squeal, and where the runbooks are. '.repeat(2);
const ARABIC = 'صباح الخير! هل رأيتم الإصدار الجديد؟ يعمل بسرعة الآن.';
const HEBREW_NAME = 'ליאור';
const FINGER_PX = 44;

const phone = (width: number, height: number) => ({ viewport: { width, height }, hasTouch: true, isMobile: true });

/** Elements that overflow the page to the right, or an ancestor that doesn't scroll sideways. */
const overflowOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const parts = [document.documentElement, ...document.querySelectorAll('.scroll, .lists, .sheet, .panel, .bar')];
    return parts
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(
        ({ tagName, className, scrollWidth, clientWidth }) => `${tagName}.${className}: ${scrollWidth - clientWidth}`,
      );
  });

/** Controls that are too small for a finger. Links in texts and the times of messages are exempt: they have the height of a line. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate((least) => {
    const isShown = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    return [...document.querySelectorAll('a, button, summary, textarea, input:not([type=file]), .attach')]
      .filter((element) => isShown(element) && !element.closest('.body, .time, .skip, .visually-hidden'))
      .filter((element) => element.getBoundingClientRect().height < least - 0.5)
      .map((element) => element.outerHTML.slice(0, 100));
  }, FINGER_PX);

describeWith(['chromium'], 'what people look at', () => {
  let meeting: Meeting<['Alice', 'Bob']>;
  let alice: Person;
  let bob: Person;

  const say = (content: string, username = 'Mia', room = 'general') =>
    meeting.post(`chat/rooms/${room}/messages`, { user_id: username === 'Mia' ? 'mia' : 'other', username, content });
  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob']);
    [alice, bob] = meeting.people;
    await meeting.post('chat/rooms', { id: 'topical', name: `# ${LONG_NAME}`, description: TOPIC });
    for (const room of ['general', 'topical']) {
      await say(LONG_WORD, LONG_NAME, room);
      await say(`https://example.com/${'path/'.repeat(30)}?${'a=b&'.repeat(30)}`, 'Mia', room);
      await say(`\`\`\`\n${'code '.repeat(60)}\n\`\`\`\n\n> ${LONG_WORD}\n\n- ${LONG_WORD}`, 'Mia', room);
    }
    await bob.page.locator('#files').setInputFiles({
      name: `${'minutes-of-the-meeting-'.repeat(6)}.txt`,
      mimeType: 'text/plain',
      buffer: Buffer.from('x'),
    });
    await alice.page.locator('#log .card').waitFor();
  });

  afterAll(() => meeting?.close());

  describe('on the smallest phone', () => {
    let small: Person;

    beforeAll(async () => {
      small = await meeting.comeIn('Small', phone(320, 640));
      const mention = {
        title: `${LONG_NAME} mentioned you`,
        body: LONG_WORD,
        notif_type: 'mention',
        room_id: 'topical',
      };
      await meeting.post('notifications', { user_id: 'small', ...mention });
      await small.page.locator('#bell .badge', { hasText: '1' }).waitFor();
    });

    afterAll(() => small?.leave());

    const pages = [
      '/rooms/general',
      '/rooms/topical',
      '/rooms/general/2',
      '/new-room',
      '/notifications',
      '/account',
      '/status',
      '/nowhere',
    ];
    for (const path of pages) {
      test(`nothing reaches past the edge, and all that is pressed is a finger high: ${path}`, async () => {
        await small.page.goto(meeting.suite.origin + path);
        expect(await overflowOf(small.page)).toEqual([]);
        expect(await smallTargets(small.page)).toEqual([]);
      });
    }

    test('nor in the panel, the drawer and the menu, whose buttons are all there', async () => {
      const { page } = small;
      await page.goto(`${meeting.suite.origin}/rooms/general`);
      await page.locator('#bell').click();
      await page.locator('#panel .notification').waitFor();
      const [bar, panel] = [await page.locator('.bar').boundingBox(), await page.locator('#panel').boundingBox()];
      expect(panel?.y).toBeGreaterThanOrEqual((bar?.y ?? Number.NaN) + (bar?.height ?? Number.NaN));
      expect(await overflowOf(page)).toEqual([]);
      expect(await smallTargets(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Rooms and people' }).click();
      await page.locator('.me-button').click();
      await page.locator('#me-menu').waitFor();
      expect(await overflowOf(page)).toEqual([]);
      expect(await smallTargets(page)).toEqual([]);
    });

    test('nor at the door', async () => {
      const page = await meeting.browser.newPage(phone(320, 640));
      await page.goto(meeting.suite.origin);
      await page.getByLabel('Your name').fill('###');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      expect(await overflowOf(page)).toEqual([]);
      expect(await smallTargets(page)).toEqual([]);
      await page.close();
    });

    test('a tap on a message opens nothing but its buttons', async () => {
      const { page } = small;
      await page.goto(`${meeting.suite.origin}/rooms/general`);
      await small.write('first');
      await small.write('a second one, below it');
      const second = page.locator('#log article.grouped', { hasText: 'a second one, below it' });
      await second.waitFor();
      // On a phone the time is hidden until the message is tapped: it must not receive that tap while invisible.
      const linksUnderFingers = await second.evaluate((article) => {
        const { left, width, top, height } = article.getBoundingClientRect();
        const at = (part: number) => document.elementFromPoint(left + width * part, top + height / 2);
        return [0.05, 0.25, 0.5, 0.75, 0.95].filter((part) => at(part)?.closest('a, button')).length;
      });
      expect(linksUnderFingers).toBe(0);
      const opacity = () => second.locator('.actions').evaluate((actions) => getComputedStyle(actions).opacity);
      await second.tap();
      await patiently(async () => expect(await opacity()).toBe('1'));
      // With the focus elsewhere, the buttons are hidden again, although the article keeps the hover state of the tap.
      await page.locator('#text').focus();
      await patiently(async () => expect(await opacity()).toBe('0'));
    });

    test('above a phone’s keyboard the field and the newest message are in view', async () => {
      const { page } = small;
      await page.goto(`${meeting.suite.origin}/rooms/general`);
      await page.setViewportSize({ width: 390, height: 420 });
      await page.locator('#text').tap();
      for (const part of ['#text', '.send', '#bell']) {
        const box = await page.locator(part).boundingBox();
        expect((box?.y ?? -1) >= 0 && (box?.y ?? 0) + (box?.height ?? 0) <= 420).toBe(true);
      }
      expect(await page.evaluate(() => document.querySelector('#scroll')?.scrollTop)).toBe(0);
      expect(await overflowOf(page)).toEqual([]);
    });
  });

  test('a long topic leaves the bell in its place', async () => {
    await alice.page.goto(`${meeting.suite.origin}/rooms/topical`);
    const box = await alice.page.locator('#bell').boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(1_200);
    await alice.page.goto(`${meeting.suite.origin}/rooms/general`);
  });

  test('a numbered list has numbers', async () => {
    await say('1. first\n3. third');
    const list = alice.page.locator('#log ol', { hasText: 'third' });
    await list.waitFor();
    const marks = list.locator('.mark');
    expect(await marks.allInnerTexts()).toEqual(['1. ', '3. ']);
    for (const mark of await marks.all()) expect((await mark.boundingBox())?.width).toBeGreaterThan(0);
  });

  test('where the system’s colours hold, what is chosen and what has the focus still has an outline', async () => {
    const { page } = alice;
    const outlineOf = (selector: string) =>
      page.locator(selector).evaluate((element) => getComputedStyle(element).outlineStyle);
    await page.emulateMedia({ forcedColors: 'active' });
    await page.locator('#text').pressSequentially('@');
    await page.locator('#choices').waitFor();
    for (const selector of ['.composer-box', '#choices [aria-selected=true]', '#rooms [aria-current]'])
      expect(await outlineOf(selector)).toBe('solid');
    expect(await outlineOf('#choices [aria-selected=false] >> nth=0')).toBe('none');
    await page.emulateMedia({ forcedColors: 'none' });
    expect(await outlineOf('.composer-box')).toBe('none');
    await page.locator('#text').fill('');
  });

  test('a picture as thin as a line is high enough to be pressed', async () => {
    const id = '3f1c0000-0000-4000-8000-000000000000';
    await meeting.post('chat/rooms/general/messages', {
      user_id: 'mia',
      username: 'Mia',
      content: 'thin.gif',
      message_type: 'file',
      file_url: `/api/files/${id}/download#type=image/gif&w=10000&h=10`,
    });
    const box = await alice.page.getByRole('img', { name: 'thin.gif' }).boundingBox();
    expect(box?.height).toBeGreaterThan(24);
    expect(box?.width).toBe(420);
  });

  describe('right to left', () => {
    test('a room’s name in Arabic stands beside its mark', async () => {
      await meeting.post('chat/rooms', { id: 'arabic', name: `# ${ARABIC.slice(0, 10)}` });
      const link = alice.page.locator('#rooms a[data-room=arabic]');
      const gap = await link.evaluate((element) => {
        const range = document.createRange();
        range.selectNodeContents(element.querySelector('.label') ?? element);
        return (
          range.getBoundingClientRect().left - (element.querySelector('.hash')?.getBoundingClientRect().right ?? 0)
        );
      });
      expect(gap).toBeLessThan(16);
    });

    /** The direction of an element, and whether its text is aligned to the right. */
    const readingOf = (page: Page, selector: string) =>
      page
        .locator(selector)
        .last()
        .evaluate((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          const [text, box] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
          return {
            direction: getComputedStyle(element).direction,
            isAtRight: box.right - text.right < text.left - box.left,
          };
        });

    test('a message, a quote and a list in Arabic stand at the right of their block, and its neighbours where they were', async () => {
      await say(ARABIC, HEBREW_NAME);
      await alice.sees(ARABIC);
      const rightwards = { direction: 'rtl', isAtRight: true };
      expect(await readingOf(alice.page, '#log .body > p')).toEqual(rightwards);
      await say(`> ${ARABIC}\n\n- أولاً`);
      await alice.page.locator('#log li', { hasText: 'أولاً' }).waitFor();
      expect(await readingOf(alice.page, '#log blockquote p')).toEqual(rightwards);
      expect(await readingOf(alice.page, '#log ul')).toMatchObject({ direction: 'rtl' });
      await say('and on in English');
      await alice.sees('and on in English');
      expect(await readingOf(alice.page, '#log .body > p')).toEqual({ direction: 'ltr', isAtRight: false });
    });

    test('a name reads its own way and turns nothing around it', async () => {
      const author = alice.page.locator('#log article', { hasText: ARABIC }).locator('.author').first();
      expect(await author.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
      const [name, time] = await Promise.all([
        author.boundingBox(),
        alice.page.locator('#log article', { hasText: ARABIC }).locator('.time').first().boundingBox(),
      ]);
      expect((name?.x ?? 0) + (name?.width ?? 0)).toBeLessThanOrEqual(time?.x ?? 0);
    });

    test('the field follows what is typed', async () => {
      const direction = () => alice.page.locator('#text').evaluate((field) => getComputedStyle(field).direction);
      await alice.page.locator('#text').fill(ARABIC);
      expect(await direction()).toBe('rtl');
      await alice.page.locator('#text').fill('back again');
      expect(await direction()).toBe('ltr');
      await alice.page.locator('#text').fill('');
    });
  });

  test('and did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
