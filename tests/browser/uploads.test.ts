import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page } from 'playwright-core';
import { attach, rowOf, textFile } from './files.ts';
import { type Meeting, meet, type Person, patiently, switchTo } from './people.ts';

const KIB = 1_024;
const MAX_FILE_BYTES = 1_024 * KIB;
const SLOW_BYTES_PER_S = 150 * KIB;

/** Limits the page's upload rate. @returns a function that removes the limit */
const slowDown = async (page: Page): Promise<() => Promise<unknown>> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: SLOW_BYTES_PER_S,
  });
  return () => session.detach();
};

const shareOf = (person: Person, name: string): Promise<number> =>
  rowOf(person, name)
    .locator('progress')
    .evaluate((bar) => (bar as HTMLProgressElement).value);

const isOnItsWay = (person: Person, name: string): Promise<void> =>
  patiently(async () => expect(await shareOf(person, name)).toBeGreaterThan(0));

describeWith(['chromium'], 'a file on its way', () => {
  let meeting: Meeting<['Alice', 'Bob']>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob'], { env: { MAX_FILE_BYTES: String(MAX_FILE_BYTES) } });
    [alice, bob] = meeting.people;
  });

  afterAll(() => meeting?.close());

  test('has a bar that moves, also beside others', async () => {
    const quicken = await slowDown(alice.page);
    await alice.page.evaluate(() => {
      const seen: Record<string, number[]> = {};
      Reflect.set(window, 'seen', seen);
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          if (!(target instanceof HTMLProgressElement)) continue;
          seen[target.ariaLabel ?? ''] = [...(seen[target.ariaLabel ?? ''] ?? []), target.value];
        }
      }).observe(document.body, { subtree: true, attributeFilter: ['value'] });
    });
    const names = ['one.txt', 'two.txt', 'three.txt', 'four.txt'];
    await attach(alice, ...names.map((name) => textFile(name, 120 * KIB)));
    expect(await alice.page.locator('#uploads li').count()).toBe(4);
    for (const name of names) await bob.sees(name);
    await alice.page.locator('#uploads li').first().waitFor({ state: 'detached' });
    const seen = await alice.page.evaluate(() => Reflect.get(window, 'seen') as Record<string, number[]>);
    for (const name of names) {
      const shares = seen[name] ?? [];
      expect(shares.filter((share) => share > 0 && share < 1).length).toBeGreaterThan(1);
      expect(shares).toEqual(shares.toSorted((x, y) => x - y));
    }
    await quicken();
  });

  test('is cancelled at a press: no message, and no file', async () => {
    const quicken = await slowDown(alice.page);
    await attach(alice, textFile('mistake.txt', 900 * KIB));
    await isOnItsWay(alice, 'mistake.txt');
    const aborted = alice.page.waitForEvent('requestfailed', (request) => request.url().includes('/api/files/upload'));
    await alice.page.getByRole('button', { name: 'Cancel mistake.txt' }).click();
    expect((await aborted).failure()?.errorText).toContain('ABORTED');
    await rowOf(alice, 'mistake.txt').waitFor({ state: 'detached' });
    await quicken();
    await attach(alice, textFile('right.txt'));
    await bob.sees('right.txt');
    for (const { page } of [alice, bob]) expect(await page.getByText('mistake.txt').count()).toBe(0);
    const files = await (await fetch(`${meeting.suite.origin}/api/files/files?room_id=general`)).text();
    expect(files).toContain('right.txt');
    expect(files).not.toContain('mistake.txt');
  });

  test('waits for its sender when the network breaks, who may try again', async () => {
    await alice.page.context().setOffline(true);
    await attach(alice, textFile('persistent.txt'));
    await rowOf(alice, 'persistent.txt').getByText('There is no connection at the moment.').waitFor();
    expect(await rowOf(alice, 'persistent.txt').locator('progress').isVisible()).toBe(false);
    await alice.page.context().setOffline(false);
    await alice.page.getByRole('button', { name: 'Try again' }).click();
    await bob.sees('persistent.txt');
    await rowOf(alice, 'persistent.txt').waitFor({ state: 'detached' });
    await patiently(async () =>
      expect(await bob.page.locator('#log article', { hasText: 'persistent.txt' }).count()).toBe(1),
    );
  });

  test('is given up when nothing moves any more, which is said, and may be tried again', async () => {
    const carol = await meeting.comeIn('Carol');
    await carol.page.clock.install();
    await carol.page.route('**/api/files/upload*', () => undefined);
    await attach(carol, textFile('stuck.txt'));
    await rowOf(carol, 'stuck.txt').locator('progress').waitFor();
    await carol.page.clock.fastForward(50_000);
    expect(await rowOf(carol, 'stuck.txt').getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await carol.page.clock.fastForward(15_000);
    await rowOf(carol, 'stuck.txt').getByText('It got stuck on its way.').waitFor();
    await carol.page.unroute('**/api/files/upload*');
    await carol.page.getByRole('button', { name: 'Try again' }).click();
    await bob.sees('stuck.txt');
    expect(carol.misdeeds).toEqual([]);
    await carol.leave();
  });

  test('may be too large, which is said in a size that people know', async () => {
    await attach(alice, textFile('large.txt', MAX_FILE_BYTES + KIB), textFile('larger.txt', MAX_FILE_BYTES * 2));
    for (const name of ['large.txt', 'larger.txt']) {
      await rowOf(alice, name).getByText('It is larger than 1.0 MB, the most that is taken').waitFor();
      await alice.page.getByRole('button', { name: `Cancel ${name}` }).click();
    }
    await patiently(async () => expect(await alice.page.locator('#uploads li').count()).toBe(0));
  });

  test('that is refused for good has no bar and no second try, and keeps nobody on the page', async () => {
    const page = { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<p>hello') };
    const program = { name: 'tool', mimeType: '', buffer: Buffer.from(`7f454c46${'00'.repeat(60)}`, 'hex') };
    const empty = { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) };
    await attach(alice, textFile('large.txt', MAX_FILE_BYTES + KIB), page, program, empty);
    const reasons = { 'large.txt': 'larger than', 'page.html': 'web page', tool: 'program', 'empty.txt': 'empty' };
    for (const [name, reason] of Object.entries(reasons)) {
      const row = rowOf(alice, name);
      await row.getByRole('alert').filter({ hasText: reason }).waitFor();
      expect(await row.locator('progress').isVisible()).toBe(false);
      expect(await row.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    }
    const isKept = await alice.page.evaluate(
      () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true })),
    );
    expect(isKept).toBe(false);
    for (const name of Object.keys(reasons)) await alice.page.getByRole('button', { name: `Cancel ${name}` }).click();
  });

  test('is whatever its bytes are, whatever its name and the browser make of it', async () => {
    const files = [
      { name: 'README.md', mimeType: 'text/markdown', buffer: Buffer.from('# Read me') },
      { name: 'table.csv', mimeType: 'application/vnd.ms-excel', buffer: Buffer.from('caf\xe9;1', 'latin1') },
      { name: 'main.ts', mimeType: 'video/mp2t', buffer: Buffer.from('export {};') },
    ];
    await attach(alice, ...files);
    for (const { name } of files) await bob.sees(name);
  });

  test('goes to the room it was given in, also when its sender goes to another', async () => {
    const quicken = await slowDown(alice.page);
    const names = ['first.txt', 'second.txt', 'third.txt', 'waiting.txt'];
    await attach(alice, ...names.map((name) => textFile(name, 200 * KIB)));
    await isOnItsWay(alice, 'first.txt');
    await switchTo(alice, 'devops');
    const before = await shareOf(alice, 'first.txt');
    await rowOf(alice, 'first.txt').getByText('to #general').waitFor();
    await patiently(async () => expect(await shareOf(alice, 'first.txt')).toBeGreaterThan(before));
    await quicken();
    for (const name of names) await bob.sees(name);
    await alice.page.locator('#uploads li').first().waitFor({ state: 'detached' });
    expect(await alice.page.locator('#log', { hasText: 'waiting.txt' }).count()).toBe(0);
    await attach(alice, textFile('for-devops.txt'));
    await alice.sees('for-devops.txt');
    await switchTo(alice, 'general');
    await alice.sees('waiting.txt');
  });

  test('goes on while a page without a room is shown, and stands in its corner', async () => {
    const quicken = await slowDown(alice.page);
    await attach(alice, textFile('onward.txt', 900 * KIB));
    await isOnItsWay(alice, 'onward.txt');
    await alice.page.getByRole('link', { name: 'Create a room' }).click();
    await alice.page.getByRole('button', { name: 'Create the room' }).waitFor();
    expect(await rowOf(alice, 'onward.txt').isVisible()).toBe(true);
    await quicken();
    await bob.sees('onward.txt');
    await rowOf(alice, 'onward.txt').waitFor({ state: 'detached' });
    await alice.page.goto(`${meeting.suite.origin}/rooms/general`);
    await alice.sees('onward.txt');
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
