/** In Firefox: a room opens at the first unread message, and scrolling past messages reads them. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { listUnread } from '@parley/client/api/chat';
import { describeWith } from '@parley/testing/servers/servers';
import { launchFirefox } from './firefox.ts';
import { type Meeting, meet, type Person, patiently } from './people.ts';

const ROOM = 'busy';

describeWith(['firefox'], 'reading in Firefox', () => {
  let meeting: Meeting<['Bob']>;
  let bob: Person;

  const readPosition = async (): Promise<number | undefined> => {
    const entries = await meeting.call(listUnread, { user_id: 'bob' });
    return entries.find(({ room_id }) => room_id === ROOM)?.read_position;
  };

  beforeAll(async () => {
    meeting = await meet(['Bob'], { launch: launchFirefox });
    [bob] = meeting.people;
    await meeting.post('chat/rooms', { id: ROOM, name: ROOM });
    for (let index = 1; index <= 130; index += 1)
      await meeting.post(`chat/rooms/${ROOM}/messages`, { user_id: 'alice', username: 'Alice', content: `n ${index}` });
    await fetch(`${meeting.suite.origin}/api/chat/rooms/${ROOM}/read`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: 'bob', position: 20 }),
    });
  });
  afterAll(() => meeting?.close());

  test('begins at the first unread message, and goes on from there', async () => {
    await bob.page.goto(`${meeting.suite.origin}/rooms/${ROOM}`);
    await bob.page.locator('#log article[data-position="21"]').waitFor();
    const box = await bob.page.locator('#new').boundingBox();
    expect(box?.y).toBeGreaterThan(50);
    expect(box?.y).toBeLessThan(700);
    expect(await readPosition()).toBe(20);
    await bob.page.locator('#scroll').evaluate((scroll) => scroll.scrollBy(0, 600));
    await patiently(async () => {
      expect(await readPosition()).toBeGreaterThan(21);
      expect(await readPosition()).toBeLessThan(60);
    });
    const left = await readPosition();
    await bob.page.goto('about:blank');
    expect(await readPosition()).toBe(left);
    await bob.page.goto(`${meeting.suite.origin}/rooms/${ROOM}`);
    await bob.page.locator('#jump').click();
    await patiently(async () => expect(await readPosition()).toBe(130));
    expect(bob.misdeeds).toEqual([]);
  });
});
