import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { type Meeting, meet, type Person, patiently, switchTo } from './people.ts';

const ROOMS = 230;
/** More than the page lists. */
const PEOPLE = 110;

describeWith(['chromium'], 'many rooms and people', () => {
  let meeting: Meeting<['Alice']>;
  let alice: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice']);
    [alice] = meeting.people;
    for (let number = 1; number <= ROOMS; number += 1)
      await meeting.post('chat/rooms', { id: `r${number}`, name: `# Room ${number}` });
    const beats = Array.from({ length: PEOPLE }, (_, number) =>
      fetch(`${meeting.suite.origin}/api/presence/p${number}/heartbeat?username=P${number}`, { method: 'POST' }),
    );
    for (const { ok } of await Promise.all(beats)) expect(ok).toBe(true);
    await alice.page.reload();
  });

  afterAll(() => meeting?.close());

  const topOf = (room: string) =>
    alice.page.locator(`#rooms a[data-room=${room}]`).evaluate((link) => link.getBoundingClientRect().top);

  test('all rooms are listed; of the people the page says at once that there are more', async () => {
    // In addition to the default rooms.
    expect(await alice.page.locator('#rooms a').count()).toBeGreaterThanOrEqual(ROOMS);
    const answer = await fetch(`${meeting.suite.origin}/rooms/general`, {
      headers: {
        cookie: (await alice.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; '),
      },
    });
    expect(await answer.text()).toContain('<span id="people-count">100+</span>');
  });

  test('the list stays where it is scrolled to when one of its rooms is opened', async () => {
    await alice.page.locator('#rooms a[data-room=r120]').evaluate((link) => link.scrollIntoView({ block: 'center' }));
    const top = await topOf('r120');
    await switchTo(alice, 'r120');
    expect(await topOf('r120')).toBe(top);
  });

  test('the open room is in view, also when it was opened otherwise', async () => {
    const bottom = await alice.page.locator('.lists').evaluate((lists) => lists.getBoundingClientRect().bottom);
    await alice.page.goto(`${meeting.suite.origin}/rooms/r229`);
    await alice.page.locator('html.js').waitFor({ state: 'attached' });
    await patiently(async () => expect(await topOf('r229')).toBeLessThan(bottom));
    await alice.page.locator('#text').press('Alt+ArrowDown');
    await alice.page.locator('#room[data-room=r230]').waitFor();
    await patiently(async () => expect(await topOf('r230')).toBeLessThan(bottom));
  });

  test('did nothing that a page must not do', () => {
    expect(alice.misdeeds).toEqual([]);
  });
});
