import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { lookAway, type Meeting, meet, type Person } from './people.ts';
import { type Act, delaysOf, median, type Sight } from './timing.ts';

const WITHIN_MS = 1_000;
/** One round may be slow on a busy machine; most of them must be in time. */
const ROUNDS = 5;

describeWith(['chromium'], 'what one does shows at the other’s within a second', () => {
  let meeting: Meeting<[string, string]>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob']);
    [alice, bob] = meeting.people;
  });

  afterAll(() => meeting?.close());

  /** Repeats the action, and requires that each effect was in time in most rounds. */
  const showsInTime = async (once: (round: number) => Promise<number[]>): Promise<void> => {
    const rounds: number[][] = [];
    for (let round = 1; round <= ROUNDS; round += 1) rounds.push(await once(round));
    for (const index of rounds[0]?.keys() ?? [])
      expect(median(rounds.map((delays) => delays[index] ?? Number.NaN))).toBeLessThan(WITHIN_MS);
  };

  const pressing = (key: string, event: Act['event'] = 'keydown'): Act => ({
    page: alice.page,
    event,
    run: () => alice.page.keyboard.press(key),
  });
  const atBobs = (selector: string, text: string): Sight => ({ page: bob.page, selector, text });

  /** Sends a message of Alice and waits until it is stored and in both logs. */
  const said = async (text: string): Promise<void> => {
    await alice.write(text);
    for (const person of [alice, bob]) await person.sees(text);
    await alice.page.locator('#pending article').waitFor({ state: 'detached' });
  };

  test('a message', () =>
    showsInTime(async (round) => {
      await alice.page.locator('#text').fill(`message ${round}`);
      return delaysOf(pressing('Enter'), [atBobs('#log article', `message ${round}`)]);
    }));

  test('that one types, and that one stopped', () =>
    showsInTime(async () => {
      const line = atBobs('#typing', 'Alice is typing');
      await alice.page.locator('#text').focus();
      const [typing] = await delaysOf(pressing('h', 'input'), [line]);
      const [stopped] = await delaysOf(pressing('Backspace', 'input'), [{ ...line, isGone: true }]);
      return [typing ?? Number.NaN, stopped ?? Number.NaN];
    }));

  test('that one comes into the room', async () => {
    const { page, leave } = await meeting.comeIn('Carol', { path: '/rooms/devops' });
    const goTo = (room: string) => page.locator(`#rooms a[data-room=${room}]`).click();
    await showsInTime(async () => {
      const act: Act = { page, event: 'click', run: () => goTo('general') };
      const delays = await delaysOf(act, [atBobs('#typing', 'Carol joined')]);
      await page.locator('#room[data-room=general]').waitFor();
      await goTo('devops');
      await page.locator('#room[data-room=devops]').waitFor();
      await bob.page.locator('#typing', { hasText: 'Carol' }).waitFor({ state: 'detached' });
      return delays;
    });
    await leave();
  });

  test('an edit', () =>
    showsInTime(async (round) => {
      await said(`a frist try ${round}`);
      await alice.page.locator('#text').press('ArrowUp');
      await alice.page.getByLabel('Edit your message').fill(`a first try ${round}`);
      const delays = await delaysOf(pressing('Enter'), [atBobs('#log article:has(.edited)', `a first try ${round}`)]);
      await alice.page.locator('.editor').waitFor({ state: 'detached' });
      return delays;
    }));

  test('a delete', () =>
    showsInTime(async (round) => {
      await said(`to be deleted ${round}`);
      const last = alice.page.locator('#log article').last();
      const id = await last.getAttribute('id');
      await last.hover();
      await last.getByRole('link', { name: 'Delete' }).click();
      const sure = alice.page.getByRole('button', { name: 'Delete' });
      await sure.waitFor();
      return delaysOf({ page: alice.page, event: 'click', run: () => sure.click() }, [
        atBobs(`#log article[id="${id}"]`, 'This message was deleted'),
      ]);
    }));

  test('a file, from the moment it is chosen', () =>
    showsInTime((round) => {
      const file = { name: `notes ${round}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`notes ${round}`) };
      const run = () => alice.page.locator('#files').setInputFiles(file);
      return delaysOf({ page: alice.page, event: 'change', run }, [atBobs('#log article .card', file.name)]);
    }));

  test('a mention: in the room, and on the bell of one who looks elsewhere', async () => {
    await lookAway(bob);
    await showsInTime(async (round) => {
      await alice.page.locator('#text').fill(`@Bob have a look ${round}`);
      return delaysOf(pressing('Enter'), [
        atBobs('#log article:has(.mention.own)', `have a look ${round}`),
        atBobs('#bell .badge:not([hidden])', `${round} unread`),
      ]);
    });
  });

  test('in one’s other tab, that one has read', async () => {
    const other = await bob.page.context().newPage();
    await other.goto(`${meeting.suite.origin}/rooms/devops`);
    await bob.page.locator('#bell').click();
    await showsInTime(async (round) => {
      const fresh = bob.page.locator('#panel .notification.fresh');
      await fresh.nth(ROUNDS - round).waitFor();
      const run = () => fresh.first().getByRole('button', { name: 'Mark as read' }).click();
      const left = ROUNDS - round;
      const sight = left > 0 ? { text: `${left} unread` } : { text: `1 unread`, isGone: true };
      const delays = await delaysOf({ page: bob.page, event: 'click', run }, [
        { page: other, selector: '#bell .badge:not([hidden])', ...sight },
      ]);
      await fresh.nth(left).waitFor({ state: 'detached' });
      return delays;
    });
    await other.close();
  });

  test('and did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
