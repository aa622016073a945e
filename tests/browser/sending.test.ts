import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { comeIn, type Meeting, meet, type Person, patiently, textsOf } from './people.ts';

const numbered = (word: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);

const saidWith = async ({ page }: Pick<Person, 'page'>, word: string): Promise<string[]> =>
  (await textsOf(page)).filter((text) => text.startsWith(word));

/** A limit of frames so low that fast typing reaches it. */
const SLOW = { FRAMES_BURST: '4', FRAMES_PER_SECOND: '8' };

describeWith(['chromium'], 'sending', () => {
  let meeting: Meeting<[string, string]>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob'], { env: SLOW });
    [alice, bob] = meeting.people;
  });

  afterAll(() => meeting?.close());

  test('faster than chat takes it: all arrives once and in order, over the same connection', async () => {
    let connections = 0;
    alice.page.on('websocket', () => {
      connections += 1;
    });
    for (const text of numbered('fast', 12)) await alice.write(text);
    for (const person of [alice, bob])
      await patiently(async () => expect(await saidWith(person, 'fast')).toEqual(numbered('fast', 12)));
    await patiently(async () => expect(await alice.page.locator('#pending article').count()).toBe(0));
    expect(connections).toBe(0);
  });

  test('by another tab: what one tab could not send, the other does, and neither shows it as waiting any more', async () => {
    const carol = await comeIn(meeting.browser, meeting.suite.origin, 'Carol');
    const context = carol.page.context();
    let isCut = true;
    await context.routeWebSocket(/\/ws\//, (socket) => {
      // A socket that opens and receives nothing, so its page never catches up.
      if (!isCut) socket.connectToServer();
    });
    await carol.page.reload();
    for (const text of numbered('shared', 3)) await carol.write(text);
    await patiently(async () => expect(await carol.page.locator('#pending article').count()).toBe(3));

    isCut = false;
    const other = await context.newPage();
    await other.goto(`${meeting.suite.origin}/rooms/general`);
    for (const page of [other, bob.page])
      await patiently(async () => expect(await saidWith({ page }, 'shared')).toEqual(numbered('shared', 3)));
    for (const page of [other, carol.page])
      await patiently(async () => expect(await page.locator('#pending article').count()).toBe(0));
    // The tab that could not send knows of it only from the other tab.
    expect(await saidWith(carol, 'shared')).toEqual([]);
    await carol.page.reload();
    await patiently(async () => expect(await saidWith(carol, 'shared')).toEqual(numbered('shared', 3)));
    expect(carol.misdeeds).toEqual([]);
    await carol.leave();
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
