import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import type { Page } from 'playwright-core';
import { fillRoom } from '../../dev/seed/fill.ts';
import { type Meeting, meet, type Person, textsOf } from './people.ts';
import { median } from './timing.ts';

const MANY = 10_000;
const FEW = 100;
const MOST_IN_PAGE = 300;
const ARRIVALS = 20;
const PER_SECOND = 200;
const FLOOD_SECONDS = 10;
/** More changes than chat sends after a reconnect: the client gets `resync` and loads the newest messages. */
const BEHIND = 700;

/** Sends this many messages over a socket and waits until they are stored. */
const openSpeaker = async (origin: string, room: string) => {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws/${room}/speaker?username=Speaker`);
  let acked = 0;
  socket.addEventListener('message', ({ data }) => {
    if (String(data).includes('"type":"ack"')) acked += 1;
  });
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  let said = 0;
  return {
    say: (count: number, word: string) => {
      for (let index = 1; index <= count; index += 1) {
        said += 1;
        socket.send(JSON.stringify({ type: 'message', content: `${word} ${said}`, client_id: crypto.randomUUID() }));
      }
    },
    isStored: () => eventually(() => expect(acked).toBe(said), { timeoutMs: 60_000 }),
    close: () => socket.close(),
  };
};

const articles = (page: Page): Promise<number> => page.locator('#log article').count();

describeWith(['chromium'], 'large rooms and busy ones', () => {
  let meeting: Meeting<[]>;
  let alice: Person;

  beforeAll(async () => {
    meeting = await meet([], { env: { FRAMES_PER_SECOND: '0', RESYNC_LIMIT: '500' } });
    for (const [room, count] of [
      ['devops', FEW],
      ['random', MANY],
    ] as const) {
      await fillRoom({ http: { baseUrl: meeting.suite.origin }, room, people: 30, messages: count, seed: 1 });
    }
    alice = await meeting.comeIn('Alice');
  }, 240_000);

  afterAll(() => meeting?.close());

  /** The work of the page's main thread in ms, as the browser measures it. */
  const taskMs = async (page: Page, work: () => Promise<unknown>): Promise<number> => {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const read = async () =>
      (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
    const before = await read();
    await work();
    const after = await read();
    await session.detach();
    return (after - before) * 1_000;
  };

  const openRoom = async (room: string): Promise<number> => {
    await alice.page.goto('about:blank');
    return taskMs(alice.page, async () => {
      await alice.page.goto(`${meeting.suite.origin}/rooms/${room}`);
      await alice.page.locator('#log article').last().waitFor();
    });
  };

  const receive = async (room: string, round: number): Promise<number> => {
    const speaker = await openSpeaker(meeting.suite.origin, room);
    const spent = await taskMs(alice.page, async () => {
      speaker.say(ARRIVALS, `round ${round}:`);
      await alice.sees(`round ${round}: ${ARRIVALS}`);
    });
    speaker.close();
    return spent;
  };

  test(`opening a room of ${MANY} messages, and ${ARRIVALS} more arriving, cost what they cost with ${FEW}`, async () => {
    const costs: Record<string, { open: number[]; receive: number[] }> = {};
    for (let round = 0; round < 5; round += 1) {
      for (const room of ['devops', 'random']) {
        costs[room] ??= { open: [], receive: [] };
        costs[room].open.push(await openRoom(room));
        expect(await articles(alice.page)).toBeLessThanOrEqual(150);
        costs[room].receive.push(await receive(room, round));
      }
    }
    const [few, many] = [costs.devops, costs.random];
    expect(median(many?.open ?? []) / median(few?.open ?? [])).toBeLessThan(2);
    expect(median(many?.receive ?? []) / median(few?.receive ?? [])).toBeLessThan(2);
  });

  test('scrolling up through history never jumps, keeps the page bounded, and leads back to the newest', async () => {
    await openRoom('random');
    const scroll = alice.page.locator('#scroll');
    const newest = (await textsOf(alice.page)).at(-1) ?? '';
    let first = Number(await alice.page.locator('#log article').first().getAttribute('data-position'));
    for (let page = 0; page < 10; page += 1) {
      const moved = await scroll.evaluate(async (element) => {
        element.scrollTop = -(element.scrollHeight - element.clientHeight) + 1_000;
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const anchor = [...element.querySelectorAll('article')].find((one) => one.getBoundingClientRect().top > 100);
        const before = anchor?.getBoundingClientRect().top ?? 0;
        const oldest = element.querySelector('article');
        element.scrollTop -= 800;
        const shift = before + 800;
        // The next page may take any time to load.
        while (element.querySelector('article') === oldest) await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve, 250));
        return anchor?.isConnected ? Math.abs(anchor.getBoundingClientRect().top - shift) : 0;
      });
      expect(moved).toBeLessThan(3);
      const now = Number(await alice.page.locator('#log article').first().getAttribute('data-position'));
      expect(now).toBeLessThan(first);
      first = now;
      expect(await articles(alice.page)).toBeLessThanOrEqual(MOST_IN_PAGE);
    }
    expect(first).toBeLessThan(MANY - 400);
    await alice.page.locator('#jump').click();
    await alice.page.locator('#jump').waitFor({ state: 'hidden' });
    expect((await textsOf(alice.page)).at(-1)).toBe(newest);
    const speaker = await openSpeaker(meeting.suite.origin, 'random');
    speaker.say(1, 'and one more');
    await alice.sees('and one more 1');
    speaker.close();
    expect((await textsOf(alice.page)).at(-2)).toBe(newest);
  });

  test('a link to a message in the middle shows it, and scrolling down from it never jumps either', async () => {
    await alice.page.goto(`${meeting.suite.origin}/rooms/random/5000`);
    const target = alice.page.locator('.target');
    await target.waitFor();
    expect(
      await target.evaluate(
        (one) => one.getBoundingClientRect().top > 0 && one.getBoundingClientRect().bottom < innerHeight,
      ),
    ).toBe(true);
    let last = 0;
    for (let page = 0; page < 8; page += 1) {
      const moved = await alice.page.locator('#scroll').evaluate(async (element) => {
        const newest = () => [...element.querySelectorAll('article')].at(-1);
        const shown = newest();
        element.scrollTop = -1;
        const anchor = [...element.querySelectorAll('article')].findLast(
          (one) => one.getBoundingClientRect().top < innerHeight - 200,
        );
        const before = anchor?.getBoundingClientRect().bottom ?? 0;
        while (newest() === shown) await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve, 250));
        return anchor?.isConnected ? Math.abs(anchor.getBoundingClientRect().bottom - before) : 0;
      });
      expect(moved).toBeLessThan(3);
      const now = Number(await alice.page.locator('#log article').last().getAttribute('data-position'));
      expect(now).toBeGreaterThan(last);
      last = now;
      expect(await articles(alice.page)).toBeLessThanOrEqual(MOST_IN_PAGE);
    }
  });

  test('a page that fell too far behind shows the newest again, without a gap', async () => {
    await openRoom('devops');
    // The page opens at the first unread message; this test is about a reader at the end.
    await alice.page.locator('#scroll').evaluate((element) => {
      element.scrollTop = 0;
    });
    await alice.page.context().setOffline(true);
    await alice.page.locator('#connection', { hasText: 'Offline' }).waitFor();
    const speaker = await openSpeaker(meeting.suite.origin, 'devops');
    speaker.say(BEHIND, 'behind');
    await speaker.isStored();
    speaker.close();
    await alice.page.context().setOffline(false);
    await alice.sees(`behind ${BEHIND}`);
    const texts = await textsOf(alice.page);
    expect(texts).toEqual(
      Array.from({ length: texts.length }, (_, index) => `behind ${BEHIND - texts.length + 1 + index}`),
    );
    await alice.write('and here I am');
    await alice.sees('and here I am');
  });

  test(`${PER_SECOND} messages a second for ${FLOOD_SECONDS} s: the page stays usable and ends complete`, async () => {
    await openRoom('general');
    const speaker = await openSpeaker(meeting.suite.origin, 'general');
    const rounds = FLOOD_SECONDS * 10;
    const waits: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      speaker.say(PER_SECOND / 10, 'flood');
      if (round % 5 === 0) {
        const pressedAt = performance.now();
        await alice.page.locator('#text').press('x');
        waits.push(performance.now() - pressedAt);
      }
      await Bun.sleep(Math.max(0, 100 - (performance.now() - startedAt)));
    }
    await speaker.isStored();
    await alice.sees(`flood ${PER_SECOND * FLOOD_SECONDS}`);
    expect(median(waits)).toBeLessThan(500);
    expect(await alice.page.locator('#text').inputValue()).toBe('x'.repeat(waits.length));
    const texts = (await textsOf(alice.page)).filter((text) => text.startsWith('flood'));
    const last = PER_SECOND * FLOOD_SECONDS;
    expect(texts).toEqual(
      Array.from({ length: texts.length }, (_, index) => `flood ${last - texts.length + 1 + index}`),
    );
    expect(texts.length).toBeGreaterThan(MOST_IN_PAGE - 10);
    expect(await articles(alice.page)).toBeLessThanOrEqual(MOST_IN_PAGE);
    speaker.close();
  });

  test('the first paint of a room takes under 100 KB, its scripts and styles under 60 KB', async () => {
    const context = await meeting.browser.newContext({ storageState: await alice.page.context().storageState() });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const sizes = new Map<string, { url: string; bytes: number }>();
    await session.send('Network.enable');
    session.on('Network.responseReceived', ({ requestId, response }) =>
      sizes.set(requestId, { url: response.url, bytes: 0 }),
    );
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const known = sizes.get(requestId);
      if (known) known.bytes = encodedDataLength;
    });
    await page.goto(`${meeting.suite.origin}/rooms/random`);
    await page.waitForLoadState('networkidle');
    const loaded = [...sizes.values()];
    const total = (pattern: RegExp) =>
      loaded.filter(({ url }) => pattern.test(url)).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(loaded.length).toBeGreaterThan(2);
    expect(total(/\/assets\//)).toBeGreaterThan(1_000);
    expect(total(/\/assets\//)).toBeLessThan(60 * 1_024);
    expect(total(/./)).toBeLessThan(100 * 1_024);
    await context.close();
  });

  test('did nothing that a page must not do', () => {
    expect(alice.misdeeds).toEqual([]);
  });
});
