import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import type { Page } from 'playwright-core';
import { type Meeting, meet, type Person } from './people.ts';
import { delaysOf, median } from './timing.ts';

const WITHIN_MS = 1_000;
const REPEATS = 5;

const link = (page: Page, room: string) => page.locator(`#rooms a[data-room=${room}]`);
const badgeOf = (page: Page, room: string, count: number) =>
  link(page, room).locator('.badge', { hasText: new RegExp(`^${count} unread$`) });
const isRead = (page: Page, room: string) => link(page, room).locator('.badge').waitFor({ state: 'hidden' });

describeWith(['chromium'], 'what happens in rooms that one has not open', () => {
  let meeting: Meeting<['Alice', 'Bob']>;
  let alice: Person;
  let bob: Person;

  /** Posts a message as a person without an open page. */
  const say = (room: string, name: string, content: string): Promise<void> =>
    meeting.post(`chat/rooms/${room}/messages`, { user_id: name.toLowerCase(), username: name, content });

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob']);
    [alice, bob] = meeting.people;
    await bob.page.locator('#rooms a', { hasText: 'devops' }).click();
    await bob.page.locator('#room[data-room=devops]').waitFor();
    await alice.write('the first that Bob misses');
    await badgeOf(bob.page, 'general', 1).waitFor();
  });

  afterAll(() => meeting?.close());

  test('is counted beside the room, in the title and on the icon, within a second', async () => {
    const waits: number[] = [];
    for (let count = 2; count <= REPEATS + 1; count += 1) {
      await alice.page.locator('#text').fill(`number ${count}`);
      const enter = () => alice.page.locator('#text').press('Enter');
      const badge = { page: bob.page, selector: '#rooms [data-room=general] .badge', text: `${count} unread` };
      waits.push(...(await delaysOf({ page: alice.page, event: 'keydown', run: enter }, [badge])));
    }
    expect(median(waits)).toBeLessThan(WITHIN_MS);
    expect(await bob.page.title()).toStartWith(`(${REPEATS + 1})`);
    expect(await bob.page.locator('#favicon').getAttribute('href')).toBe('/favicon-unread.svg');
  });

  test('what one writes oneself is not unread; what others write is, also where one has never been', async () => {
    const second = await bob.page.context().newPage();
    await second.goto(`${meeting.suite.origin}/rooms/general`);
    await second.locator('#log article').first().waitFor();
    await isRead(bob.page, 'general');
    await second.close();
    await say('random', 'Alice', 'where Bob has never been');
    await say('general', 'Bob', 'from my other device');
    await alice.write('and one of Alice');
    await badgeOf(bob.page, 'general', 1).waitFor();
    await badgeOf(bob.page, 'random', 1).waitFor();
    await bob.page.reload();
    await badgeOf(bob.page, 'random', 1).waitFor();
    await badgeOf(bob.page, 'general', 1).waitFor();
  });

  test('is read in every tab when it is read in one', async () => {
    const second = await bob.page.context().newPage();
    await second.goto(`${meeting.suite.origin}/rooms/random`);
    await badgeOf(second, 'general', 1).waitFor();
    await isRead(bob.page, 'random');
    await bob.page.bringToFront();
    await link(bob.page, 'general').click();
    await bob.page.locator('#room[data-room=general]').waitFor();
    await isRead(second, 'general');
    await second.locator('title', { hasText: /^(?!\()/ }).waitFor({ state: 'attached' });
    await second.close();
  });

  test('a room that someone makes is in everybody’s list, in its place', async () => {
    await alice.page.getByRole('link', { name: 'Create a room' }).click();
    await alice.page.getByLabel('Name').fill('elections');
    await alice.page.getByRole('button', { name: 'Create the room' }).click();
    await link(bob.page, 'elections').waitFor();
    const ids = await bob.page
      .locator('#rooms a')
      .evaluateAll((links) => links.map((one) => one.getAttribute('data-room')));
    expect(ids).toEqual(['devops', 'elections', 'general', 'random']);
    await link(bob.page, 'elections').click();
    await bob.page.locator('#room[data-room=elections]').waitFor();
  });

  test('what was missed while the server was away is counted when it is back', async () => {
    await bob.page.locator('#rooms a', { hasText: 'devops' }).click();
    await bob.page.locator('#room[data-room=devops]').waitFor();
    await meeting.suite.kill();
    await meeting.suite.start();
    for (let count = 0; count < 3; count += 1) await say('general', 'Alice', `while away ${count}`);
    await badgeOf(bob.page, 'general', 3).waitFor();
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
