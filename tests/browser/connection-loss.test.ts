import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { type Meeting, meet, type Person, patiently, textsOf } from './people.ts';

const AGAIN_WITHIN_MS = 60_000;

/** The numbered messages in the log, in the order of the page. */
const numbered = async ({ page }: Person, word: string): Promise<string[]> =>
  (await textsOf(page)).filter((text) => text.startsWith(word));

const expected = (word: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);

describeWith(['chromium'], 'when the server or the network breaks', () => {
  let meeting: Meeting<[string, string]>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob']);
    [alice, bob] = meeting.people;
  });

  afterAll(() => meeting?.close());

  test('a killed server: the state is shown, what is written waits, and arrives once and in order', async () => {
    await alice.write('before 1');
    await bob.sees('before 1');
    await meeting.suite.kill();
    await alice.page.locator('#connection', { hasText: 'Reconnecting' }).waitFor();
    for (const text of expected('meanwhile', 5)) await alice.write(text);
    await patiently(async () => expect(await alice.page.locator('#pending article').count()).toBe(5));
    await alice.page.locator('#pending', { hasText: 'Waits for the connection' }).waitFor();
    await meeting.suite.start();
    await bob.page.locator('#log article', { hasText: 'meanwhile 5' }).waitFor({ timeout: AGAIN_WITHIN_MS });
    await alice.page.locator('#pending article').first().waitFor({ state: 'detached' });
    for (const person of [alice, bob]) {
      await patiently(async () => expect(await numbered(person, 'meanwhile')).toEqual(expected('meanwhile', 5)));
      await patiently(async () => expect(await person.page.locator('#connection').textContent()).toBe(''));
    }
  });

  test('a cut network: messages queue, survive a reload of the page, and none is lost or doubled', async () => {
    await alice.page.context().setOffline(true);
    await alice.page.locator('#connection', { hasText: 'Offline' }).waitFor();
    for (const text of expected('offline', 3)) await alice.write(text);
    await patiently(async () => expect(await alice.page.locator('#pending article').count()).toBe(3));
    await bob.write('said while she was away');
    await alice.page.context().setOffline(false);
    await bob.page.locator('#log article', { hasText: 'offline 3' }).waitFor({ timeout: AGAIN_WITHIN_MS });
    await alice.sees('said while she was away');
    for (const person of [alice, bob])
      await patiently(async () => expect(await numbered(person, 'offline')).toEqual(expected('offline', 3)));
  });

  test('what waited when the page was closed is sent when it is opened again', async () => {
    await meeting.suite.kill();
    await alice.page.locator('#connection', { hasText: 'Reconnecting' }).waitFor();
    for (const text of expected('patient', 2)) await alice.write(text);
    await alice.page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
    await meeting.suite.start();
    await alice.page.reload();
    await bob.page.locator('#log article', { hasText: 'patient 2' }).waitFor({ timeout: AGAIN_WITHIN_MS });
    await patiently(async () => expect(await numbered(bob, 'patient')).toEqual(expected('patient', 2)));
    await patiently(async () => expect(await alice.page.locator('#pending article').count()).toBe(0));
  });

  test('a page that the browser kept in its memory goes on when it is shown again', async () => {
    await alice.page.evaluate(() => {
      for (const type of ['pagehide', 'pageshow'])
        window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
    });
    await bob.write('said to who comes back');
    await alice.sees('said to who comes back');
    await patiently(async () => expect(await alice.page.locator('#connection').textContent()).toBe(''));
  });

  test('a link that nobody answers leaves the page as it is, and says so', async () => {
    const { page } = alice;
    const toSee = page.locator('#toasts', { hasText: 'There is no answer' });
    await page.locator('#text').fill('half a thought');
    for (const answer of ['a gateway’s', 'none'] as const) {
      await page.route('**/rooms/devops', (route) =>
        answer === 'none' ? route.abort() : route.fulfill({ status: 502, json: { code: 'service_away' } }),
      );
      await page.locator('#rooms a[data-room="devops"]').click();
      await toSee.waitFor();
      expect(new URL(page.url()).pathname).toBe('/rooms/general');
      expect(await page.locator('#text').inputValue()).toBe('half a thought');
      await page.unroute('**/rooms/devops');
      await toSee.waitFor({ state: 'hidden' });
    }
    await page.locator('#rooms a[data-room="devops"]').click();
    await page.locator('main[data-room="devops"]').waitFor();
    await page.locator('#rooms a[data-room="general"]').click();
    await page.locator('main[data-room="general"]').waitFor();
    await page.locator('#text').fill('');
  });

  test('a link in a message to what is no page of Parley’s is followed', async () => {
    const { page } = alice;
    await alice.write('[how chat is](/api/chat/health)');
    await page.locator('#log').getByRole('link', { name: 'how chat is' }).click();
    await page.waitForURL('**/api/chat/health');
    expect(await page.textContent('body')).toContain('healthy');
    await page.goBack();
    await alice.sees('how chat is');
  });

  test('a refused message says why and may be sent again or thrown away', async () => {
    await alice.write(`too long ${'x'.repeat(8_100)}`);
    const refused = alice.page.locator('#pending .refused');
    await refused.waitFor();
    expect(await refused.textContent()).toContain('8000 fit');
    await refused.getByRole('button', { name: 'Edit' }).click();
    await patiently(async () => expect(await alice.page.locator('#text').inputValue()).toStartWith('too long'));
    await patiently(async () => expect(await alice.page.locator('#pending article').count()).toBe(0));
    await alice.page.locator('#text').fill('');
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
