import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { attach, rowOf, textFile } from './files.ts';
import { type Meeting, meet, type Person } from './people.ts';

describeWith(['chromium'], 'signing out', () => {
  let meeting: Meeting<[]>;

  beforeAll(async () => {
    meeting = await meet([]);
  });

  afterAll(() => meeting?.close());

  const signOut = async ({ page }: Person): Promise<void> => {
    await page.locator('.me-button').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
  };

  const keptOf = ({ page }: Person): Promise<string[]> =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('parley:')));

  test('says what would be lost, and loses it only then', async () => {
    const carol = await meeting.comeIn('Carol');
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

  test('reaches the person’s other tabs', async () => {
    const carol = await meeting.comeIn('Carol');
    const second = await carol.page.context().newPage();
    await second.goto(`${meeting.suite.origin}/rooms/devops`);
    await second.locator('#log').waitFor();
    await signOut(carol);
    await second.getByLabel('Your name').waitFor();
    expect(await keptOf(carol)).toEqual([]);
    await carol.leave();
  });

  test('counts messages that wait for the connection', async () => {
    const carol = await meeting.comeIn('Carol');
    await carol.page.context().setOffline(true);
    await carol.page.locator('#connection', { hasText: 'Offline' }).waitFor();
    for (const text of ['one', 'two']) await carol.write(`unsent ${text}`);
    await signOut(carol);
    expect(await carol.page.getByRole('dialog').textContent()).toContain('2 unsent messages.');
    await carol.leave();
  });

  test('ends the notifications on this device, without waiting for ever', async () => {
    const carol = await meeting.comeIn('Carol');
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
