/** Drives a page by keyboard: presses keys and checks the focus. */
import { expect } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import type { Page } from 'playwright-core';
import { PATIENCE_MS } from './people.ts';

const MOST_TABS = 90;

export interface Keys {
  press(...keys: string[]): Promise<void>;
  /** Presses Tab until the element is focused. @throws when it is never focused */
  tabTo(selector: string): Promise<void>;
  /** The same by Shift+Tab. */
  backTo(selector: string): Promise<void>;
  /** Waits until the element is focused, with a visible focus ring. */
  landsOn(selector: string): Promise<void>;
}

/** Describes the focused element, and whether it or an ancestor has a visible focus ring. */
const focusOf = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement;
    const isRinged = (element: Element | null): boolean => {
      if (!element) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow.includes('0px 0px 0px 1px');
    };
    const { top = -1, bottom = -1 } = focused?.getBoundingClientRect() ?? {};
    return {
      isLost: focused === document.body || focused === null,
      isSeen:
        (isRinged(focused) || isRinged(focused?.closest('.attach, .composer-box') ?? null)) &&
        bottom > 0 &&
        top < innerHeight,
      tag: focused?.outerHTML.slice(0, 120) ?? '',
    };
  });

export const createKeys = (page: Page): Keys => {
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const isOn = (selector: string): Promise<boolean> =>
    page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  const seen = { isLost: false, isSeen: true, isThere: true };
  const landsOn = (selector: string): Promise<void> =>
    eventually(async () => expect({ ...(await focusOf(page)), isThere: await isOn(selector) }).toMatchObject(seen), {
      timeoutMs: PATIENCE_MS,
    });
  const stepTo = async (selector: string, key: string): Promise<void> => {
    for (let count = 0; count < MOST_TABS; count += 1) {
      if (await isOn(selector)) return landsOn(selector);
      await press(key);
    }
    throw new Error(`${key} does not get to ${selector}`);
  };
  return {
    press,
    landsOn,
    tabTo: (selector) => stepTo(selector, 'Tab'),
    backTo: (selector) => stepTo(selector, 'Shift+Tab'),
  };
};
