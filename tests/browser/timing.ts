/**
 * Measures the time from an action in one page to its effect in another. Both pages record the moments themselves, by the clock of the same
 * machine, so the test's own connection to the browser adds nothing.
 */
import type { Page } from 'playwright-core';

export interface Act {
  readonly page: Page;
  /** The event in the page that marks the moment of the action. */
  readonly event: 'keydown' | 'input' | 'change' | 'click';
  run(): Promise<unknown>;
}

/** An element with a text, or with `isGone` its absence. */
export interface Sight {
  readonly page: Page;
  readonly selector: string;
  readonly text: string;
  readonly isGone?: boolean;
}

const noteAct = ({ page, event }: Act): Promise<void> =>
  page.evaluate((name) => {
    const doneAt = new Promise((resolve) =>
      window.addEventListener(name, () => resolve(Date.now()), { capture: true, once: true }),
    );
    Reflect.set(window, 'doneAt', doneAt);
  }, event);

/** @throws when the effect is already visible: then there is nothing to measure */
const noteSight = ({ page, selector, text, isGone = false }: Sight, slot: string): Promise<void> =>
  page.evaluate(
    (sight) => {
      const shows = () =>
        [...document.querySelectorAll(sight.selector)].some((one) => one.textContent.includes(sight.text));
      if (shows() !== sight.isGone) throw new Error(`Before it is done: ${sight.selector} with ${sight.text}`);
      const seenAt = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (shows() === sight.isGone) return;
          resolve(Date.now());
          observer.disconnect();
        });
        observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      });
      Reflect.set(window, sight.slot, seenAt);
    },
    { selector, text, isGone, slot },
  );

const noted = (page: Page, slot: string): Promise<number> =>
  page.evaluate((name) => Reflect.get(window, name) as Promise<number>, slot);

/** Performs the action. @returns for each effect, the ms from the action until it was visible */
export const delaysOf = async (act: Act, sights: readonly Sight[]): Promise<number[]> => {
  const slots = sights.map((_, index) => `seenAt${index}`);
  await noteAct(act);
  await Promise.all(sights.map((sight, index) => noteSight(sight, slots[index] ?? '')));
  await act.run();
  const doneAt = await noted(act.page, 'doneAt');
  const seenAt = await Promise.all(sights.map(({ page }, index) => noted(page, slots[index] ?? '')));
  return seenAt.map((at) => at - doneAt);
};

export const median = (values: readonly number[]): number =>
  [...values].sort((x, y) => x - y)[values.length >> 1] ?? Number.NaN;
