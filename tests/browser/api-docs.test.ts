/** The API documentation works behind the gateway, under its content security policy. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import type { Browser } from 'playwright-core';
import { apis } from '../../services.ts';
import { launchBrowser } from './people.ts';
import { type Suite, startSuite } from './suite.ts';

describeWith(['chromium'], 'the documentation', () => {
  let suite: Suite;
  let browser: Browser;
  beforeAll(async () => {
    suite = await startSuite();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await suite?.close();
  });

  test('of every API is shown, tries requests, and breaks no rule of its policy', async () => {
    for (const [name, prefix] of apis) {
      const page = await browser.newPage();
      const misdeeds: string[] = [];
      page.on('console', (line) => line.type() === 'error' && misdeeds.push(line.text()));
      page.on('pageerror', (error) => misdeeds.push(String(error)));
      await page.goto(`${suite.origin}${prefix}/docs`);
      await page.locator('.opblock').first().waitFor();
      if (name === 'chat') {
        const block = page.locator('.opblock', { hasText: '/rooms' }).first();
        await block.locator('.opblock-summary').click();
        await block.getByRole('button', { name: 'Try it out' }).click();
        await block.getByRole('button', { name: 'Execute' }).click();
        await block.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
      }
      expect([name, misdeeds]).toEqual([name, []]);
      await page.close();
    }
  });
});
