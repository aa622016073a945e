/** A guest follows every link and presses every control: each link has a page, each control has an effect, and no page breaks. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import type { Page } from 'playwright-core';
import { type Meeting, meet, PATIENCE_MS, type Person, patiently } from './people.ts';

const MISSING = ['/nowhere', '/rooms/nowhere'];
const PAGES = ['/rooms/general', '/notifications', '/account', '/new-room', '/status', ...MISSING];
/** A control without an effect after this time does nothing. */
const DEAD_MS = 1_000;
const CONTROLS = 'a[href], button, summary, input[type=checkbox]';

/** Numbers every control, also in closed menus. @returns labels by number, one for each set of similar controls */
const numberControls = (page: Page): Promise<[string, number][]> =>
  page.locator(CONTROLS).evaluateAll((elements) => {
    const found = new Map<string, number>();
    for (const [number, element] of elements.entries()) {
      element.setAttribute('data-crawled', String(number));
      const isPressable = element.checkVisibility() || element.closest('[popover]:not(:popover-open)') !== null;
      const words = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
      const label = `${element.tagName} ${words.replace(/\d+/g, '0')}`;
      const isPage = (path: string) => path !== location.pathname && !path.startsWith('/api/');
      const canChange =
        element instanceof HTMLAnchorElement
          ? element.origin === location.origin && isPage(element.pathname)
          : element.ariaPressed !== 'true';
      if (isPressable && canChange && !found.has(label)) found.set(label, number);
    }
    return [...found];
  });

/** Focuses a control, as Tab does, and opens the menu that contains it. @returns false when it can't be focused */
const focusOn = (page: Page, number: number): Promise<boolean> =>
  page.evaluate((wanted) => {
    const control = document.querySelector<HTMLElement>(`[data-crawled="${wanted}"]`);
    const menu = control?.closest<HTMLElement>('[popover]:not(:popover-open)');
    if (menu && !control?.checkVisibility()) menu.showPopover();
    control?.focus();
    return control !== null && document.activeElement === control;
  }, number);

/** The state that pressing a control may change. */
const looksOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const open = [...document.querySelectorAll(':popover-open, dialog[open]')].map(({ id, tagName }) => id || tagName);
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')].map(
      ({ value, checked }) => `${value} ${checked}`,
    );
    const focused = document.activeElement?.outerHTML;
    // After a reload the page may look the same, but its time origin differs.
    const looks = [location.href, performance.timeOrigin, open, fields, focused, document.body.innerHTML];
    // Elements that the page re-renders in the background lose their number; that is no change.
    return JSON.stringify(looks).replaceAll(/ data-crawled=\\"\d+\\"/g, '');
  });

/** Presses the focused control. @throws when the page doesn't change in time */
const press = async (page: Page, timeoutMs = PATIENCE_MS): Promise<void> => {
  const before = await looksOf(page);
  await page.keyboard.press((await page.locator('input:focus').count()) > 0 ? 'Space' : 'Enter');
  await eventually(async () => expect((await looksOf(page)) !== before).toBe(true), { timeoutMs });
};

describeWith(['chromium'], 'a guest who follows every link and presses every control', () => {
  let meeting: Meeting<[]>;

  beforeAll(async () => {
    meeting = await meet([]);
  });
  afterAll(() => meeting?.close());

  const prepare = async (name: string): Promise<void> => {
    const guest = { user_id: name.toLowerCase(), username: name };
    const content = `@${name} a ||secret||, https://example.org\n\n- [ ] to do\n\n\`\`\`\ncode\n\`\`\``;
    await meeting.post('chat/rooms/general/messages', { user_id: 'mia', username: 'Mia', content });
    await meeting.post('chat/rooms/general/messages', { ...guest, content: 'written by myself' });
    await meeting.post('notifications', { user_id: guest.user_id, title: 'Tea is ready', body: 'In the kitchen' });
  };

  for (const javaScriptEnabled of [true, false])
    describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
      const name = javaScriptEnabled ? 'Scripted' : 'Plain';
      let guest: Person;

      beforeAll(async () => {
        guest = await meeting.comeIn(name, { javaScriptEnabled });
        await prepare(name);
      });
      afterAll(() => guest?.leave());

      const visit = async (path: string): Promise<Map<string, number>> => {
        const answer = await guest.page.goto(meeting.suite.origin + path);
        expect(answer?.status()).toBe(MISSING.includes(path) ? 404 : 200);
        if (javaScriptEnabled && path === '/rooms/general')
          await guest.page.locator('#log [data-act="quote"]').first().waitFor({ state: 'attached' });
        return new Map(await numberControls(guest.page));
      };

      test('notices a button that does nothing', async () => {
        await visit('/account');
        await guest.page.evaluate(() => {
          const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Nothing' });
          document.querySelector('#page')?.append(button);
        });
        const number = new Map(await numberControls(guest.page)).get('BUTTON Nothing') ?? -1;
        expect(await focusOn(guest.page, number)).toBe(true);
        await expect(press(guest.page, DEAD_MS)).rejects.toThrow();
      });

      for (const path of PAGES) {
        test(`no link of ${path} leads nowhere`, async () => {
          await visit(path);
          const links = await guest.page
            .locator('a[href]')
            .evaluateAll((found) => found.map((each) => (each as HTMLAnchorElement).href));
          const ours = new Set(links.filter((each) => each.startsWith(meeting.suite.origin)));
          expect([...ours].map((link) => new URL(link).pathname)).toContain(
            path.startsWith('/rooms/') ? '/rooms/general' : '/',
          );
          for (const link of ours) {
            const answer = await guest.page.request.get(link);
            expect([link, answer.status()]).toEqual([link, 200]);
          }
        });

        test(`all that can be pressed on ${path} does something`, async () => {
          const labels = [...(await visit(path)).keys()].filter((label) => label !== 'BUTTON Sign out');
          let pressed = 0;
          for (const label of labels) {
            const number = (await visit(path)).get(label);
            // An earlier control may have removed this one, such as the unread line.
            if (number === undefined || !(await focusOn(guest.page, number))) continue;
            await press(guest.page).catch(() => {
              throw new Error(`${label} does nothing on ${path}`);
            });
            await patiently(() => guest.page.locator('h1, h2, #log').first().waitFor({ state: 'attached' }));
            expect([label, guest.misdeeds]).toEqual([label, []]);
            pressed += 1;
          }
          expect(pressed).toBeGreaterThan(0);
        });
      }
    });
});
