/** Reading: where a room opens, which messages are read by looking at them, and the counts on other devices. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { deleteMessage, listMessages, listUnread, type Unread } from '@parley/client/api/chat';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page } from 'playwright-core';
import { type Meeting, meet, type Person, patiently, switchTo } from './people.ts';

describeWith(['chromium'], 'what one reads', () => {
  let meeting: Meeting<['Alice', 'Bob']>;
  let alice: Person;
  let bob: Person;
  let origin: string;

  const call = async (path: string, method: string, body: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${origin}/api/${path}`, { method, headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
  };
  /** Creates a room with messages of Alice that a person has read up to a position. */
  const newRoom = async (count: number, reader: string, readUpTo: number): Promise<string> => {
    const id = `r-${crypto.randomUUID().slice(0, 8)}`;
    await meeting.post('chat/rooms', { id, name: id });
    for (let index = 1; index <= count; index += 1) await say(id, `number ${index}`);
    if (readUpTo > 0) await call(`chat/rooms/${id}/read`, 'PUT', { user_id: reader, position: readUpTo });
    return id;
  };
  const say = (room: string, content: string, name = 'Alice') =>
    meeting.post(`chat/rooms/${room}/messages`, { user_id: name.toLowerCase(), username: name, content });
  const entryOf = async (user: string, room: string): Promise<Unread | undefined> => {
    const entries = await meeting.call(listUnread, { user_id: user });
    return entries.find(({ room_id }) => room_id === room);
  };
  const untilRead = (user: string, room: string, position: number) =>
    patiently(async () => expect((await entryOf(user, room))?.read_position).toBe(position));
  const bellIs = (page: Page, count: number) =>
    patiently(async () => {
      const badge = page.locator('#bell .badge');
      expect(Number.parseInt((await badge.textContent()) ?? '', 10) || 0).toBe(count);
    });
  const open = async (page: Page, path: string): Promise<void> => {
    await page.goto(`${origin}/rooms/${path}`);
    await page.locator('#log article').first().waitFor();
  };
  const isInView = (page: Page, selector: string): Promise<boolean> =>
    page.locator(selector).evaluate((element) => {
      const [box, scroll] = [
        element.getBoundingClientRect(),
        document.getElementById('scroll')?.getBoundingClientRect(),
      ];
      return scroll !== undefined && box.top >= scroll.top && box.bottom <= scroll.bottom;
    });
  const lastInView = (page: Page): Promise<number> =>
    page.evaluate(() => {
      const bottom = document.getElementById('scroll')?.getBoundingClientRect().bottom ?? 0;
      const seen = [...document.querySelectorAll<HTMLElement>('#log article')].filter(
        (article) => article.getBoundingClientRect().bottom <= bottom + 1,
      );
      return Number(seen.at(-1)?.dataset.position);
    });
  const scrollBy = async (page: Page, y: number): Promise<void> => {
    await page.locator('#scroll').hover();
    await page.mouse.wheel(0, y);
  };

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob']);
    [alice, bob] = meeting.people;
    origin = meeting.suite.origin;
  });
  afterAll(() => meeting?.close());

  test('after a week a room opens at the first unread message, and nothing is read before one scrolls', async () => {
    const room = await newRoom(130, 'bob', 20);
    const before = await entryOf('bob', room);
    await open(bob.page, room);
    expect(await isInView(bob.page, '#new')).toBe(true);
    expect(await isInView(bob.page, '#log article[data-position="21"]')).toBe(true);
    await bob.page.locator('#jump:not([hidden])').waitFor();
    await bob.page.waitForTimeout(1_500);
    expect(await entryOf('bob', room)).toEqual(before);
    await scrollBy(bob.page, 700);
    await patiently(async () => {
      const position = (await entryOf('bob', room))?.read_position ?? 0;
      expect(position).toBe(await lastInView(bob.page));
      expect(position).toBeGreaterThan(21);
      expect(position).toBeLessThan(60);
    });
    const left = (await entryOf('bob', room))?.read_position ?? 0;
    await switchTo(bob, 'general');
    await open(bob.page, room);
    expect(await isInView(bob.page, `#log article[data-position="${left + 1}"]`)).toBe(true);
    await bob.page.locator('#jump').click();
    await untilRead('bob', room, 130);
  });

  test('less than a page opens with the line in view; to the end it is read as one scrolls there', async () => {
    const room = await newRoom(60, 'bob', 30);
    await open(bob.page, room);
    expect(await isInView(bob.page, '#new')).toBe(true);
    expect(await entryOf('bob', room)).toMatchObject({ read_position: 30, unread: 30 });
    for (let wheel = 0; wheel < 20; wheel += 1) await scrollBy(bob.page, 300);
    await untilRead('bob', room, 60);
  });

  test('what fits the screen is read without a scroll, but only while the page is looked at', async () => {
    const room = await newRoom(3, 'bob', 1);
    const tab = await bob.page.context().newPage();
    await tab.addInitScript(() => {
      document.hasFocus = () => false;
    });
    await open(tab, room);
    await tab.waitForTimeout(1_200);
    expect(await entryOf('bob', room)).toMatchObject({ read_position: 1, unread: 2 });
    await tab.evaluate(() => {
      document.hasFocus = () => true;
      window.dispatchEvent(new Event('focus'));
    });
    await untilRead('bob', room, 3);
    await tab.close();
  });

  test('a link to a message shows it and takes nothing along that was never seen', async () => {
    const room = await newRoom(130, 'bob', 20);
    await open(bob.page, `${room}/120`);
    expect(await isInView(bob.page, '#log .target')).toBe(true);
    await bob.page.locator('#behind:not([hidden])').waitFor();
    for (let wheel = 0; wheel < 10; wheel += 1) await scrollBy(bob.page, 300);
    await bob.page.waitForTimeout(1_500);
    expect(await entryOf('bob', room)).toMatchObject({ read_position: 20 });
    await bob.page.getByRole('link', { name: 'Go to the first' }).click();
    await bob.page.locator('#new').waitFor();
    expect(await isInView(bob.page, '#new')).toBe(true);
    await bob.page.getByRole('button', { name: 'Mark as read' }).click();
    await untilRead('bob', room, 130);
    await bob.page.locator('#new').waitFor({ state: 'detached' });
  });

  test('an answer from the middle reads what was on the screen, an answer at the end all of it', async () => {
    const room = await newRoom(130, 'bob', 20);
    await open(bob.page, room);
    const shown = await lastInView(bob.page);
    await bob.write('an answer from the middle');
    await bob.sees('an answer from the middle');
    await untilRead('bob', room, shown);
    await bob.page.locator('#behind:not([hidden])').waitFor();
    await bob.write('an answer at the end');
    await bob.sees('an answer at the end');
    await patiently(async () => expect((await entryOf('bob', room))?.read_position).toBeGreaterThan(130));
    await bob.page.locator('#behind').waitFor({ state: 'hidden' });
  });

  test('a mention in the room one looks at doesn’t stay on the bell, on any device', async () => {
    const other = await meeting.comeIn('Bob', { path: '/rooms/devops' });
    await open(bob.page, 'general');
    await alice.write('@Bob look at this');
    await bob.sees('look at this');
    await patiently(async () => {
      const list = await (await fetch(`${origin}/api/notifications/bob`)).json();
      expect(list).toContainEqual(expect.objectContaining({ body: '@Bob look at this', read: true }));
    });
    await bellIs(bob.page, 0);
    await bellIs(other.page, 0);
    await switchTo(bob, 'random');
    await alice.write('@Bob and at that');
    await bellIs(bob.page, 1);
    await bellIs(other.page, 1);
    await switchTo(bob, 'general');
    await bellIs(other.page, 0);
    await bellIs(bob.page, 0);
    await other.leave();
  });

  test('a deleted message leaves the badge, the title and the count of what came unseen, at once', async () => {
    await switchTo(bob, 'random');
    const remove = async () => {
      const last = alice.page.locator('#log article').last();
      await last.hover();
      await last.getByRole('link', { name: 'Delete' }).click();
      await alice.page.getByRole('button', { name: 'Delete' }).click();
      await last.locator('.deleted').waitFor();
    };
    await alice.write('first');
    await alice.write('second, with @Bob');
    const badge = bob.page.locator('#rooms a[data-room=general] .badge');
    await patiently(async () => expect(await badge.textContent()).toBe('2 unread'));
    await alice.sees('second, with @Bob');
    await remove();
    await bob.page.locator('#rooms a[data-room=general] .badge', { hasText: /^1 unread$/ }).waitFor({ timeout: 5_000 });
    await patiently(async () => expect(await bob.page.title()).toStartWith('(1)'));
    await bob.page.evaluate(() => {
      document.hasFocus = () => false;
    });
    await say('random', 'came unseen');
    await patiently(async () => expect(await bob.page.title()).toStartWith('(2)'));
    const [message] = await meeting.call(listMessages, { room_id: 'random', limit: 1 });
    await meeting.call(deleteMessage, { room_id: 'random', message_id: message?.id ?? '', user_id: 'alice' });
    await patiently(async () => expect(await bob.page.title()).toStartWith('(1)'));
    await bob.page.reload();
  });

  test('the title keeps its count when another room, the panel or the history is shown', async () => {
    await switchTo(bob, 'random');
    await say('general', 'one to count');
    await bob.page.locator('#rooms a[data-room=general] .badge', { hasText: /^2 unread$/ }).waitFor();
    const count = '(2)';
    await patiently(async () => expect(await bob.page.title()).toBe(`${count} #random · Parley`));
    await switchTo(bob, 'devops');
    await patiently(async () => expect(await bob.page.title()).toBe(`${count} #devops · Parley`));
    await bob.page.locator('#bell').click();
    await bob.page.locator('#panel #notifications').waitFor();
    await patiently(async () => expect(await bob.page.title()).toBe(`${count} #devops · Parley`));
    await bob.page.keyboard.press('Escape');
    await bob.page.goBack();
    await bob.page.locator('#room[data-room=random]').waitFor();
    await patiently(async () => expect(await bob.page.title()).toBe(`${count} #random · Parley`));
    expect(await bob.page.locator('#favicon').getAttribute('href')).toBe('/favicon-unread.svg');
  });

  test('a badge of many is one line, whatever it stands on', async () => {
    for (let index = 0; index < 12; index += 1)
      await meeting.post('notifications', { user_id: 'bob', title: 'x', body: `${index}`, notif_type: 'system' });
    await patiently(async () =>
      expect(Number.parseInt((await bob.page.locator('#bell .badge').textContent()) ?? '', 10)).toBeGreaterThan(9),
    );
    const fits = await bob.page
      .locator('.badge:not([hidden])')
      .evaluateAll((badges) =>
        badges.map((badge) => badge.scrollHeight <= badge.clientHeight && badge.clientWidth >= badge.clientHeight),
      );
    expect(fits.length).toBeGreaterThan(0);
    expect(fits).not.toContain(false);
  });

  test('without JavaScript the line is in view, and a form marks the room as read', async () => {
    for (const viewport of [
      { width: 1_200, height: 800 },
      { width: 390, height: 844 },
    ]) {
      const name = `Nora${viewport.width}`;
      const nora = await meeting.comeIn(name, { javaScriptEnabled: false, viewport });
      for (const [count, readUpTo] of [
        [130, 20],
        [60, 40],
      ] as const) {
        const room = await newRoom(count, name.toLowerCase(), readUpTo);
        await open(nora.page, room);
        expect(await isInView(nora.page, '#new')).toBe(true);
        expect(await entryOf(name.toLowerCase(), room)).toMatchObject({ read_position: readUpTo });
        await nora.page.getByRole('button', { name: 'Mark as read' }).click();
        await nora.page.locator(`#log article[data-position="${count}"]`).waitFor();
        expect(await nora.page.locator('#new').count()).toBe(0);
        expect(await entryOf(name.toLowerCase(), room)).toMatchObject({ unread: 0, read_position: count });
      }
      const room = await newRoom(130, name.toLowerCase(), 20);
      await open(nora.page, room);
      await nora.page.getByRole('link', { name: 'Jump to the newest messages' }).click();
      await nora.page.locator('#log article[data-position="130"]').waitFor();
      expect(await entryOf(name.toLowerCase(), room)).toMatchObject({ read_position: 20 });
      await nora.leave();
    }
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
