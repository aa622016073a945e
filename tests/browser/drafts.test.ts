import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { type Meeting, meet, type Person } from './people.ts';

const goToRoom = async ({ page }: Person, room: string): Promise<void> => {
  await page.locator(`#rooms a[data-room="${room}"]`).click();
  await page.locator(`main[data-room="${room}"]`).waitFor();
};

describeWith(['chromium'], 'what is typed', () => {
  let meeting: Meeting<['Alice']>;
  let alice: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice']);
    [alice] = meeting.people;
    await meeting.post('chat/rooms', { id: 'quiet', name: 'quiet' });
  });

  afterAll(() => meeting?.close());

  test('stays while the page does, where the browser forbids to keep anything', async () => {
    const carol = await meeting.comeIn('Carol');
    await carol.page.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, {
          get: () => {
            throw new DOMException('Forbidden', 'SecurityError');
          },
        });
    });
    await carol.page.reload();
    await carol.write('said without storage');
    await alice.sees('said without storage');
    await carol.page.locator('#text').fill('half a thought');
    await goToRoom(carol, 'quiet');
    expect(await carol.page.locator('#text').inputValue()).toBe('');
    await goToRoom(carol, 'general');
    expect(await carol.page.locator('#text').inputValue()).toBe('half a thought');
    const asked = carol.page.waitForEvent('dialog');
    const left = carol.page.goto('about:blank').catch(() => undefined);
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.accept();
    await left;
    expect(carol.misdeeds).toEqual([]);
    await carol.leave();
  });

  test('is each tab’s own, also after one has sent its own and both were reloaded', async () => {
    const [first, second] = [alice.page, await alice.page.context().newPage()];
    await first.locator('#text').fill('from the first');
    await second.goto(`${meeting.suite.origin}/rooms/general`);
    await second.locator('#text').fill('from the second');
    await first.reload();
    expect(await first.locator('#text').inputValue()).toBe('from the first');
    await first.locator('#text').press('Enter');
    await alice.sees('from the first');
    for (const page of [first, second]) await page.reload();
    expect(await first.locator('#text').inputValue()).toBe('');
    expect(await second.locator('#text').inputValue()).toBe('from the second');
    await second.close();
  });
});
