import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page } from 'playwright-core';
import { type Meeting, meet, type Person } from './people.ts';

const PHONE = { width: 390, height: 800 };

/** Animations and transitions on the page that last long enough to be seen, as `element: name`. */
const motionsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const NOTICEABLE_S = 0.02;
    const isLong = (durations: string) => durations.split(',').some((text) => Number.parseFloat(text) > NOTICEABLE_S);
    const motionsIn = (style: CSSStyleDeclaration): string[] =>
      [
        style.animationName !== 'none' && isLong(style.animationDuration) && `animation ${style.animationName}`,
        style.transitionProperty !== 'none' && isLong(style.transitionDuration) && `transition ${style.transition}`,
        style.scrollBehavior === 'smooth' && 'smooth scrolling',
      ].filter((found) => found !== false);
    const running = document
      .getAnimations()
      .filter(({ effect }) => Number(effect?.getComputedTiming().duration) > NOTICEABLE_S * 1_000)
      .map(({ id, playState }) => `running: ${id} ${playState}`);
    const styled = [...document.querySelectorAll('*')].flatMap((element) =>
      [null, '::before', '::after', '::backdrop'].flatMap((part) =>
        motionsIn(getComputedStyle(element, part)).map(
          (what) => `${element.tagName}.${element.className}${part ?? ''}: ${what}`,
        ),
      ),
    );
    return [...running, ...styled];
  });

/** Starts recording calls that scroll smoothly. */
const watchScrolling = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const calls: string[] = [];
    Reflect.set(window, 'smoothCalls', calls);
    for (const name of ['scrollIntoView', 'scrollTo', 'scrollBy', 'scroll'] as const) {
      const original = Element.prototype[name] as (...given: unknown[]) => void;
      Reflect.set(Element.prototype, name, function (this: Element, ...given: unknown[]) {
        if ((given[0] as ScrollOptions | undefined)?.behavior === 'smooth') calls.push(name);
        original.apply(this, given);
      });
    }
  });

const smoothCalls = (page: Page): Promise<string[]> => page.evaluate(() => Reflect.get(window, 'smoothCalls'));

describeWith(['chromium'], 'for those who asked for less motion', () => {
  let meeting: Meeting<[]>;
  let calm: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet([]);
    bob = await meeting.comeIn('Bob', { reducedMotion: 'no-preference' });
    calm = await meeting.comeIn('Calm', { reducedMotion: 'reduce', viewport: PHONE });
  });

  afterAll(() => meeting?.close());

  const staysStill = async (): Promise<void> => expect(await motionsOf(calm.page)).toEqual([]);

  test('the others have some', async () => {
    expect((await motionsOf(bob.page)).length).toBeGreaterThan(0);
  });

  test('nothing moves while someone types', async () => {
    await bob.page.locator('#text').pressSequentially('hm');
    await calm.page.locator('#typing', { hasText: 'Bob is typing' }).waitFor();
    await staysStill();
  });

  test('nothing moves in the drawer, one’s menu, the panel and a dialog', async () => {
    await calm.page.getByRole('button', { name: 'Rooms and people' }).click();
    await calm.page.locator('#sidebar:popover-open').waitFor();
    await staysStill();
    await calm.page.locator('.me-button').click();
    await calm.page.locator('#me-menu:popover-open').waitFor();
    await staysStill();
    await calm.page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await calm.page.locator('dialog[open]').waitFor();
    await staysStill();
    await calm.page.getByRole('button', { name: 'Close' }).click();
    await calm.page.locator('#bell').click();
    await calm.page.locator('#panel #notifications').waitFor();
    await staysStill();
    await calm.page.keyboard.press('Escape');
  });

  test('nothing moves on the way to the newest message', async () => {
    for (let index = 1; index <= 30; index += 1) await bob.write(`line ${index}`);
    await calm.sees('line 30');
    await watchScrolling(calm.page);
    await calm.page.locator('#scroll').evaluate((scroll) => {
      scroll.scrollTop = -600;
    });
    await calm.page.locator('#jump:not([hidden])').waitFor();
    await staysStill();
    await calm.page.locator('#jump').click();
    await calm.page.locator('#jump').waitFor({ state: 'hidden' });
    expect(await calm.page.locator('#scroll').evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    await calm.page.locator('#scroll').focus();
    await calm.page.keyboard.press('k');
    await calm.page.keyboard.press('k');
    expect(await smoothCalls(calm.page)).toEqual([]);
  });

  test('nothing moves while messages and files wait, and where a toast tells of it', async () => {
    await calm.page.context().setOffline(true);
    await calm.page.locator('#connection', { hasText: 'Offline' }).waitFor();
    await calm.write('waits');
    await calm.page
      .locator('#files')
      .setInputFiles({ name: 'waits.txt', mimeType: 'text/plain', buffer: Buffer.from('waits') });
    await calm.page.locator('#uploads .why').waitFor();
    await calm.page.locator('#log article').last().focus();
    await calm.page.keyboard.press('r');
    await calm.page.locator('#toasts p').waitFor();
    expect(await calm.page.locator('#pending article').count()).toBe(1);
    await staysStill();
    await calm.page.context().setOffline(false);
  });
});
