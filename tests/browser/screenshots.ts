/** `bun run screenshots` writes docs/screenshots: a typical conversation on a desktop and a phone, in light and dark. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { comeIn, launchBrowser, type Person } from './people.ts';
import { startSuite } from './suite.ts';

const FOLDER = join(import.meta.dir, '..', '..', 'docs', 'screenshots');
const DESK = { width: 1_280, height: 800 };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A picture to send: the latency of a deployment, drawn by the browser. */
const drawChart = async (browser: Browser): Promise<Buffer> => {
  const page = await browser.newPage({ viewport: { width: 560, height: 260 } });
  const points = [62, 60, 64, 58, 61, 57, 90, 140, 120, 66, 40, 34, 31, 33, 30, 29, 31, 28].map(
    (y, x) => `${20 + x * 31},${240 - y * 1.4}`,
  );
  await page.setContent(
    `<body style="margin:0;background:#10121a"><svg width="560" height="260" font-family="sans-serif">
    <text x="20" y="30" fill="#c9cbe0" font-size="15">p99 latency, ms</text>
    ${[80, 130, 180, 230].map((y) => `<line x1="20" x2="547" y1="${y}" y2="${y}" stroke="#242738"/>`).join('')}
    <polyline points="${points.join(' ')}" fill="none" stroke="#8f8bff" stroke-width="3" stroke-linejoin="round"/>
    <line x1="237" x2="237" y1="50" y2="240" stroke="#f0b17e" stroke-dasharray="4 4"/><text x="228" y="62" fill="#f0b17e" font-size="13" text-anchor="end">deploy</text></svg>`,
  );
  const picture = await page.screenshot({ type: 'png' });
  await page.close();
  return picture;
};

const converse = async (maya: Person, jonas: Person, priya: Person, chart: Buffer): Promise<void> => {
  await maya.write('Morning! The new release is on staging. **Two things** to look at before we ship:');
  await maya.write('1. uploads over a slow line\n2. what happens when Redis goes away in the middle of a conversation');
  await jonas.sees('goes away');
  await jonas.write('On it. I pulled the plug on Redis while typing and nobody noticed:');
  await jonas.write(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the message is code
    '```ts\n// what a client does after any break\nconst socket = new WebSocket(`${address}?since=${last.seq}`);\nsocket.onmessage = ({ data }) => apply(JSON.parse(data));\n```',
  );
  await priya.sees('what a client does');
  await priya.write('Latency after the deploy. It went up for a minute, then to *half* of what it was 🎉');
  await priya.page.locator('#files').setInputFiles({ name: 'p99-latency.png', mimeType: 'image/png', buffer: chart });
  await maya.page.locator('#log .picture').waitFor();
  await maya.write('> to half of what it was\n\nBeautiful. @Jonas can you put that into the notes?');
  await jonas.sees('Beautiful');
  await jonas.write('Done: https://example.com/notes/42');
  await jonas.page
    .locator('#files')
    .setInputFiles({ name: 'release-notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes '.repeat(800)) });
  await maya.sees('release-notes.txt');
};

/** Waits until images are loaded and nothing is animated. */
const take = async (page: Page, name: string): Promise<void> => {
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))));
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
};

const suite = await startSuite();
const browser = await launchBrowser();
try {
  mkdirSync(FOLDER, { recursive: true });
  const chart = await drawChart(browser);
  const maya = await comeIn(browser, suite.origin, 'Maya', { viewport: DESK });
  const jonas = await comeIn(browser, suite.origin, 'Jonas', { viewport: DESK, colorScheme: 'dark' });
  const priya = await comeIn(browser, suite.origin, 'Priya', PHONE);
  await converse(maya, jonas, priya, chart);
  await priya.page.locator('#text').pressSequentially('Shipping it');
  await jonas.page.locator('#typing', { hasText: 'Priya' }).waitFor();
  await jonas.page.locator('#people li', { hasText: 'Priya' }).waitFor();
  await take(maya.page, 'desk-light');
  await take(jonas.page, 'desk-dark');
  await priya.page.locator('#text').fill('');
  await take(priya.page, 'phone-light');
  await priya.page.getByRole('button', { name: 'Rooms and people' }).click();
  await take(priya.page, 'phone-rooms');
  await priya.page.getByRole('button', { name: 'Close' }).tap();
  await priya.page.emulateMedia({ colorScheme: 'dark' });
  await take(priya.page, 'phone-dark');
  await jonas.page.locator('#bell').click();
  await jonas.page.locator('#panel .notification').waitFor();
  await take(jonas.page, 'notifications');
  await jonas.page.goto(`${suite.origin}/status`);
  await take(jonas.page, 'status');
  const door = await browser.newPage({ viewport: DESK });
  await door.goto(suite.origin);
  await take(door, 'door');
} finally {
  await browser.close();
  await suite.close();
}
