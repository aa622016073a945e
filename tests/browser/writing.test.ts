import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { eventually } from '@parley/kit/testing/eventually';
import { describeWith } from '@parley/kit/testing/servers';
import type { Browser, Page } from 'playwright-core';
import { comeIn, launchBrowser, PATIENCE_MS, type Person } from './people.ts';
import { type Suite, startSuite } from './suite.ts';

const KIB = 1_024;
const MAX_FILE_BYTES = 1_024 * KIB;
const SLOW_BYTES_PER_S = 150 * KIB;

const patiently = <T>(probe: () => Promise<T>): Promise<T> => eventually(probe, { timeoutMs: PATIENCE_MS });

const textFile = (name: string, bytes = 20) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.alloc(bytes, 'some words '),
});

/** Slows what the page sends. @returns what makes it quick again */
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

const rowOf = ({ page }: Person, name: string) => page.locator('#uploads li', { hasText: name });

const shareOf = (person: Person, name: string): Promise<number> =>
  rowOf(person, name)
    .locator('progress')
    .evaluate((bar) => (bar as HTMLProgressElement).value);

const attach = ({ page }: Person, ...files: ReturnType<typeof textFile>[]): Promise<void> =>
  page.locator('#files').setInputFiles(files);

const isOnItsWay = (person: Person, name: string): Promise<void> =>
  patiently(async () => expect(await shareOf(person, name)).toBeGreaterThan(0));

const switchTo = async ({ page }: Person, room: string): Promise<void> => {
  await page.locator(`#rooms a[data-room=${room}]`).click();
  await page.locator(`#room[data-room=${room}]`).waitFor();
};

describeWith(['chromium'], 'what one writes and sends', () => {
  let suite: Suite;
  let browser: Browser;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    suite = await startSuite({ MAX_FILE_BYTES: String(MAX_FILE_BYTES) });
    browser = await launchBrowser();
    alice = await comeIn(browser, suite.origin, 'Alice');
    bob = await comeIn(browser, suite.origin, 'Bob');
  });

  afterAll(async () => {
    await browser?.close();
    await suite?.close();
  });

  describe('a file on its way', () => {
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
      const aborted = alice.page.waitForEvent('requestfailed', (request) =>
        request.url().includes('/api/files/upload'),
      );
      await alice.page.getByRole('button', { name: 'Cancel mistake.txt' }).click();
      expect((await aborted).failure()?.errorText).toContain('ABORTED');
      await rowOf(alice, 'mistake.txt').waitFor({ state: 'detached' });
      await quicken();
      await attach(alice, textFile('right.txt'));
      await bob.sees('right.txt');
      for (const { page } of [alice, bob]) expect(await page.getByText('mistake.txt').count()).toBe(0);
      const files = await (await fetch(`${suite.origin}/api/files/files?room_id=general`)).text();
      expect(files).toContain('right.txt');
      expect(files).not.toContain('mistake.txt');
    });

    test('waits for its sender when the network breaks, who may try again', async () => {
      await alice.page.context().setOffline(true);
      await attach(alice, textFile('persistent.txt'));
      await rowOf(alice, 'persistent.txt').getByText('There is no connection at the moment.').waitFor();
      await alice.page.context().setOffline(false);
      await alice.page.getByRole('button', { name: 'Try again' }).click();
      await bob.sees('persistent.txt');
      await rowOf(alice, 'persistent.txt').waitFor({ state: 'detached' });
      await patiently(async () =>
        expect(await bob.page.locator('#log article', { hasText: 'persistent.txt' }).count()).toBe(1),
      );
    });

    test('may be too large, which is said in a size that people know', async () => {
      await attach(alice, textFile('large.txt', MAX_FILE_BYTES + KIB), textFile('larger.txt', MAX_FILE_BYTES * 2));
      for (const name of ['large.txt', 'larger.txt']) {
        await rowOf(alice, name).getByText('It is larger than 1.0 MB, the most that is taken').waitFor();
        await alice.page.getByRole('button', { name: `Cancel ${name}` }).click();
      }
      expect(await alice.page.locator('#uploads li').count()).toBe(0);
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
      await attach(alice, textFile('onward.txt', 400 * KIB));
      await isOnItsWay(alice, 'onward.txt');
      await alice.page.getByRole('link', { name: 'Create a room' }).click();
      await alice.page.getByRole('button', { name: 'Create the room' }).waitFor();
      expect(await rowOf(alice, 'onward.txt').isVisible()).toBe(true);
      await quicken();
      await bob.sees('onward.txt');
      await rowOf(alice, 'onward.txt').waitFor({ state: 'detached' });
      await alice.page.goto(`${suite.origin}/rooms/general`);
      await alice.sees('onward.txt');
    });
  });

  describe('an edit that isn’t saved', () => {
    const editorOf = ({ page }: Person) => page.getByLabel('Edit your message');

    const idOfLast = ({ page }: Person): Promise<string> =>
      page
        .locator('#log article')
        .last()
        .evaluate(({ id }) => id.replace('m-', ''));

    /** Writes a message and opens its editor. @returns the message's id */
    const beginEdit = async (text: string): Promise<string> => {
      await alice.write(text);
      await bob.sees(text);
      await alice.page.locator('#pending article').waitFor({ state: 'detached' });
      await alice.page.locator('#text').press('ArrowUp');
      await editorOf(alice).waitFor();
      return idOfLast(alice);
    };

    const editElsewhere = async (id: string, content: string): Promise<void> => {
      const { ok } = await fetch(`${suite.origin}/api/chat/rooms/general/messages/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: 'alice', content }),
      });
      expect(ok).toBe(true);
    };

    test('survives a reload and another room, and is forgotten once it is saved', async () => {
      await beginEdit('to be edited');
      await editorOf(alice).fill('half an ed');
      await alice.page.reload();
      expect(await editorOf(alice).inputValue()).toBe('half an ed');
      await editorOf(alice).fill('half an edit');
      await switchTo(alice, 'devops');
      await switchTo(alice, 'general');
      expect(await editorOf(alice).inputValue()).toBe('half an edit');
      await editorOf(alice).fill('a whole edit');
      await editorOf(alice).press('Enter');
      await bob.sees('a whole edit');
      await editorOf(alice).waitFor({ state: 'detached' });
      await alice.page.reload();
      await alice.sees('a whole edit');
      expect(await editorOf(alice).count()).toBe(0);
    });

    test('stays as it is typed when the message is edited elsewhere', async () => {
      const id = await beginEdit('first words');
      await editorOf(alice).fill('my words');
      await editorOf(alice).press('Home');
      await editElsewhere(id, 'other words');
      await bob.sees('other words');
      await alice.page.locator(`#m-${id} .body`, { hasText: 'other words' }).waitFor({ state: 'attached' });
      expect(await alice.page.locator(`#m-${id} .body`).isVisible()).toBe(false);
      await alice.page.keyboard.type('still ');
      expect(await editorOf(alice).inputValue()).toBe('still my words');
      await editorOf(alice).press('Enter');
      await bob.sees('still my words');
      await alice.page.locator(`#m-${id} .body`).waitFor();
    });

    test('may bring back what the message said before it was edited elsewhere', async () => {
      const id = await beginEdit('as it was');
      await editElsewhere(id, 'as it is');
      await bob.sees('as it is');
      await editorOf(alice).press('Enter');
      await bob.sees('as it was');
    });

    test('ends with its message, which is said', async () => {
      const id = await beginEdit('soon gone');
      await editorOf(alice).fill('never mind');
      await fetch(`${suite.origin}/api/chat/rooms/general/messages/${id}?user_id=alice`, { method: 'DELETE' });
      await alice.page.locator('#toasts', { hasText: 'was deleted' }).waitFor();
      expect(await editorOf(alice).count()).toBe(0);
    });
  });

  test('a shortcode becomes its emoji at the last colon, and stays as it is in code', async () => {
    const field = alice.page.locator('#text');
    await field.pressSequentially('well :smile: and :no_such: and `:smile:`');
    await patiently(async () => expect(await field.inputValue()).toBe('well 😄 and :no_such: and `:smile:`'));
    await field.press('Home');
    await field.pressSequentially(':tada: ', { delay: 40 });
    await patiently(async () => expect(await field.inputValue()).toBe('🎉 well 😄 and :no_such: and `:smile:`'));
    await alice.page.reload();
    expect(await field.inputValue()).toBe('🎉 well 😄 and :no_such: and `:smile:`');
    await field.press('Enter');
    await bob.sees('🎉 well 😄 and :no_such: and :smile:');
  });

  test('what is read in the moment before leaving the room is read', async () => {
    await switchTo(alice, 'general');
    for (const word of ['one', 'two', 'three']) await bob.write(`last ${word}`);
    await alice.sees('last three');
    await switchTo(alice, 'devops');
    await patiently(async () => {
      const rooms = await (await fetch(`${suite.origin}/api/chat/unread?user_id=alice`)).json();
      expect(rooms).toContainEqual(expect.objectContaining({ room_id: 'general', unread: 0 }));
    });
    await switchTo(alice, 'general');
  });

  test('days get their names anew when midnight passes', async () => {
    // Where no midnight is near, whenever this runs.
    const timezoneId = Math.abs(new Date().getUTCHours() - 12) > 6 ? 'Etc/GMT-12' : 'UTC';
    const carol = await comeIn(browser, suite.origin, 'Carol', { timezoneId });
    await carol.write('said today');
    await carol.page.locator('#pending article').waitFor({ state: 'detached' });
    await carol.page.clock.install();
    await carol.page.reload();
    const day = carol.page.locator('#log .day').last();
    expect(await day.textContent()).toBe('Today');
    await carol.page.clock.fastForward('24:00:00');
    await carol.page.locator('#log .day', { hasText: 'Yesterday' }).waitFor();
    await carol.page.clock.fastForward('24:00:00');
    await patiently(async () => expect(await day.textContent()).toMatch(/^\w+day, /));
    await carol.leave();
  });

  describe('signing out', () => {
    const signOut = async ({ page }: Person): Promise<void> => {
      await page.locator('.me-button').click();
      await page.getByRole('button', { name: 'Sign out' }).click();
    };

    const keptOf = ({ page }: Person): Promise<string[]> =>
      page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parley:')));

    test('says what would be lost, and loses it only then', async () => {
      const carol = await comeIn(browser, suite.origin, 'Carol');
      await carol.page.evaluate(() => localStorage.setItem('parley:draft:someone-else:general', 'theirs'));
      await carol.page.context().setOffline(true);
      await carol.page.locator('#connection', { hasText: 'Offline' }).waitFor();
      await carol.write('not sent');
      await carol.page.locator('#text').fill('half a thou');
      await attach(carol, textFile('unsent.txt'));
      await rowOf(carol, 'unsent.txt').getByText('Try again').waitFor();
      await carol.page.context().setOffline(false);
      await carol.page.locator('#pending article').waitFor({ state: 'detached' });
      await signOut(carol);
      const question = carol.page.getByRole('dialog');
      expect(await question.textContent()).toContain('what isn’t sent: 1 unsent file, 1 draft.');
      await question.getByRole('button', { name: 'Cancel' }).click();
      expect(await carol.page.locator('#text').inputValue()).toBe('half a thou');
      expect(await rowOf(carol, 'unsent.txt').count()).toBe(1);
      await signOut(carol);
      await question.getByRole('button', { name: 'Sign out' }).click();
      await carol.page.getByLabel('Your name').waitFor();
      expect(await keptOf(carol)).toEqual(['parley:draft:someone-else:general']);
      expect(carol.misdeeds).toEqual([]);
      await carol.leave();
    });

    test('counts messages that wait for the connection', async () => {
      const carol = await comeIn(browser, suite.origin, 'Carol');
      await carol.page.context().setOffline(true);
      await carol.page.locator('#connection', { hasText: 'Offline' }).waitFor();
      for (const text of ['one', 'two']) await carol.write(`unsent ${text}`);
      await signOut(carol);
      expect(await carol.page.getByRole('dialog').textContent()).toContain('2 unsent messages.');
      await carol.leave();
    });

    test('ends the notifications on this device, without waiting for ever', async () => {
      const carol = await comeIn(browser, suite.origin, 'Carol');
      let ended = 0;
      await carol.page.exposeFunction('noteEnded', () => {
        ended += 1;
      });
      await carol.page.evaluate(() => {
        const unsubscribe = () => {
          Reflect.get(window, 'noteEnded')();
          return new Promise(() => undefined);
        };
        const subscription = { endpoint: 'https://push.example/carol', unsubscribe };
        const registration = {
          getNotifications: async () => [],
          pushManager: { getSubscription: async () => subscription },
        };
        ServiceWorkerContainer.prototype.getRegistration = async () => registration as never;
      });
      const told = carol.page.waitForRequest((request) => request.url().endsWith('/push/subscriptions'));
      await signOut(carol);
      expect([(await told).method(), (await told).postDataJSON()]).toEqual([
        'DELETE',
        { endpoint: 'https://push.example/carol' },
      ]);
      await carol.page.getByLabel('Your name').waitFor();
      expect(ended).toBe(1);
      await carol.leave();
    });
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
