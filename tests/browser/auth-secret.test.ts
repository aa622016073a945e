import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { lookAway, type Meeting, meet, type Person } from './people.ts';

describeWith(['chromium'], 'with AUTH_SECRET, where every id is proven', () => {
  let meeting: Meeting<[string, string]>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob'], {
      env: { AUTH_SECRET: 'a secret of at least thirty-two characters' },
    });
    [alice, bob] = meeting.people;
  });

  afterAll(() => meeting?.close());

  test('everything works by the cookie alone: sockets, files, presence, mentions, edits', async () => {
    await alice.page.locator('#people li', { hasText: 'Bob' }).waitFor();
    await lookAway(bob);
    await alice.write('hello @Bob');
    await bob.sees('hello @Bob');
    await bob.page.locator('#bell .badge', { hasText: '1' }).waitFor();
    await alice.page
      .locator('#files')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') });
    await bob.sees('a.txt');
    await alice.page.locator('#text').press('ArrowUp');
    await alice.page.getByLabel('Edit your message').fill('hello again @Bob');
    await alice.page.keyboard.press('Enter');
    await bob.sees('hello again');
  });

  test('two guests of one name are two people', async () => {
    const other = await meeting.comeIn('Alice');
    const ids = await Promise.all([alice, other].map(({ page }) => page.locator('#room').getAttribute('data-user')));
    expect(ids[0]).not.toBe(ids[1]);
    await other.write('I am another');
    await alice.sees('I am another');
    expect(
      await alice.page.locator('#log article', { hasText: 'I am another' }).locator('[data-act=edit]').count(),
    ).toBe(0);
    await other.leave();
  });

  test('nobody acts as another, by socket or request', async () => {
    const userId = (await bob.page.locator('#room').getAttribute('data-user')) ?? '';
    const refused = await alice.page.evaluate(async (id) => {
      const socket = new WebSocket(`/ws/general/${encodeURIComponent(id)}?username=Bob`);
      const code = new Promise((resolve) => socket.addEventListener('close', (event) => resolve(event.code)));
      const post = await fetch('/api/chat/rooms/general/messages', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: id, username: 'Bob', content: 'forged' }),
      });
      return [await code, post.status];
    }, userId);
    expect(refused).toEqual([4001, 403]);
  });

  test('a session that ended is said, with what to do', async () => {
    await bob.page.context().clearCookies({ name: 'parley_session' });
    await bob.page.context().setOffline(true);
    await bob.page.locator('#connection', { hasText: 'Offline' }).waitFor();
    await bob.page.context().setOffline(false);
    await bob.page.locator('#connection', { hasText: 'signed out' }).waitFor();
  });

  test('a press on the bell after the session ended leads to the door', async () => {
    await alice.page.context().clearCookies({ name: 'parley_session' });
    await alice.page.locator('#bell').click();
    await alice.page.getByLabel('Your name').waitFor();
  });
});
