/** The Firefox of this machine, driven over WebDriver BiDi. */
import { findProgram } from '@parley/testing/servers/programs';
import { type Browser, firefox } from 'playwright-core';

/** The pointer of a mouse: the bits for fine and hovering in Firefox's `PointerCapabilities`. Without it, Firefox acts as on a phone. */
const MOUSE = 2 | 4;

/** Preferences, as in about:config. */
export type Preferences = Readonly<Record<string, string | number | boolean>>;

export const launchFirefox = (preferences: Preferences = {}): Promise<Browser> =>
  firefox.launch({
    // With a Mozilla channel playwright drives a stock Firefox, not its own build.
    channel: 'moz-firefox',
    executablePath: findProgram('firefox', 'firefox-esr') ?? 'firefox',
    firefoxUserPrefs: { 'ui.primaryPointerCapabilities': MOUSE, 'ui.allPointerCapabilities': MOUSE, ...preferences },
  });
