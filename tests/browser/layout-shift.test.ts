import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page } from 'playwright-core';
import { type Meeting, meet, type Person } from './people.ts';

/** The largest cumulative layout shift (CLS) that readers don't notice. */
const MAX_SHIFT = 0.1;
/** The effects of an action are rendered within this time, or with the next frame of a busy machine. */
const SETTLE_MS = 300;

/** Starts recording layout shifts in pages of this context. */
const watchShifts = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    Reflect.set(window, 'shifts', []);
    const keep = (entries: PerformanceEntryList): void => {
      const shifts = Reflect.get(window, 'shifts') as number[];
      shifts.push(...entries.map((entry) => Number(Reflect.get(entry, 'value'))));
    };
    const observer = new PerformanceObserver((list) => keep(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    Reflect.set(window, 'keepShifts', () => keep(observer.takeRecords()));
  });

/** The layout shift of this document so far, the last frame included. */
const shiftOf = async (page: Page): Promise<number> => {
  await page.waitForTimeout(SETTLE_MS);
  return page.evaluate(async () => {
    // Shifts of the first frame are recorded by the second.
    for (let frame = 1; frame <= 2; frame += 1) await new Promise(requestAnimationFrame);
    Reflect.get(window, 'keepShifts')();
    return (Reflect.get(window, 'shifts') as number[]).reduce((sum, value) => sum + value, 0);
  });
};

/** The layout shift during an action. */
const shiftDuring = async (page: Page, act: () => Promise<unknown>): Promise<number> => {
  const before = await shiftOf(page);
  await act();
  return (await shiftOf(page)) - before;
};

describeWith(['chromium'], 'nothing jumps', () => {
  let meeting: Meeting<['Alice', 'Bob']>;
  let alice: Person;
  let bob: Person;
  let page: Page;

  const png = async (width: number, height: number): Promise<Buffer> => {
    const page = await meeting.browser.newPage({ viewport: { width, height } });
    const picture = await page.screenshot({ type: 'png' });
    await page.close();
    return picture;
  };

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob']);
    [alice, bob] = meeting.people;
    page = alice.page;
    for (let index = 1; index <= 30; index += 1) await bob.write(`line ${index}`);
    await watchShifts(page);
  });

  afterAll(() => meeting?.close());

  test('while a room loads', async () => {
    await page.goto(`${meeting.suite.origin}/rooms/general`);
    await page.locator('#people li', { hasText: 'Bob' }).waitFor();
    await page.waitForLoadState('networkidle');
    const shift = await shiftOf(page);
    expect(shift).toBeLessThan(MAX_SHIFT);
  });

  test('and what jumps is seen', async () => {
    const shift = await shiftDuring(page, () =>
      page.locator('.bar').evaluate((bar) => {
        (bar as HTMLElement).style.marginTop = '200px';
      }),
    );
    expect(shift).toBeGreaterThan(MAX_SHIFT);
    await page.locator('.bar').evaluate((bar) => bar.removeAttribute('style'));
  });

  test('when one goes to another room and back', async () => {
    const shift = await shiftDuring(page, async () => {
      for (const room of ['devops', 'general']) {
        await page.locator(`#rooms a[data-room=${room}]`).click();
        await page.locator(`#room[data-room=${room}]`).waitFor();
        await page.waitForLoadState('networkidle');
      }
    });
    expect(shift).toBeLessThan(MAX_SHIFT);
  });

  test('when a message comes in at the end, but for its own height', async () => {
    const shift = await shiftDuring(page, async () => {
      await bob.write('a new one');
      await alice.sees('a new one');
    });
    expect(shift).toBeLessThan(MAX_SHIFT);
  });

  test('when a picture arrives: its place is kept', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/api/files/*/thumbnail', (route) => held.then(() => route.continue()));
    await bob.page
      .locator('#files')
      .setInputFiles({ name: 'view.png', mimeType: 'image/png', buffer: await png(800, 500) });
    const picture = page.locator('#log .picture img');
    await picture.waitFor();
    const shift = await shiftDuring(page, async () => {
      release();
      await picture.evaluate((image) => (image as HTMLImageElement).decode());
    });
    expect(shift).toBe(0);
  });

  test('and did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
