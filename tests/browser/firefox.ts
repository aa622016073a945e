/** A second engine: the Firefox that this machine has, driven over WebDriver BiDi. */
import { findProgram } from '@parley/testing/servers/programs';
import { type Browser, firefox } from 'playwright-core';

/** A mouse: bits of LookAndFeel's `PointerCapabilities`, fine and hovering. A machine without one counts as a phone. */
const MOUSE = 2 | 4;

/** What about:config calls preferences. */
export type Preferences = Readonly<Record<string, string | number | boolean>>;

export const launchFirefox = (preferences: Preferences = {}): Promise<Browser> =>
  firefox.launch({
    // Any channel of Mozilla's own makes playwright take a Firefox as it is, not the build of its makers.
    channel: 'moz-firefox',
    executablePath: findProgram('firefox', 'firefox-esr') ?? 'firefox',
    firefoxUserPrefs: { 'ui.primaryPointerCapabilities': MOUSE, 'ui.allPointerCapabilities': MOUSE, ...preferences },
  });
