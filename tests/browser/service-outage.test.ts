import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { freePort } from '@parley/testing/servers/programs';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { lookAway, type Meeting, meet, type Person, patiently } from './people.ts';

const NAMES = ['CHAT', 'PRESENCE', 'NOTIFICATION'] as const;
type Name = (typeof NAMES)[number];

/** Between the pages' server and a service: answers 503 in its place while it is away. */
const standBefore = (port: number, isAway: () => boolean) =>
  Bun.serve({
    port: 0,
    fetch: ({ url, method, headers, body }) => {
      if (isAway()) return new Response('away', { status: 503 });
      const { pathname, search } = new URL(url);
      return fetch(`http://localhost:${port}${pathname}${search}`, { method, headers, body });
    },
  });

describeWith(['chromium'], 'a page that came while a service was away', () => {
  const away = new Set<Name>();
  const proxies: ReturnType<typeof standBefore>[] = [];
  let meeting: Meeting<['Alice', 'Bob']>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    const env: Record<string, string> = {};
    for (const name of NAMES) {
      const port = freePort();
      const proxy = standBefore(port, () => away.has(name));
      proxies.push(proxy);
      env[`${name}_PORT`] = String(port);
      env[`${name}_URL`] = `http://localhost:${proxy.port}`;
    }
    meeting = await meet(['Alice', 'Bob'], { env });
    [alice, bob] = meeting.people;
    await bob.write('said before');
    await alice.sees('said before');
  });

  afterEach(() => away.clear());

  afterAll(async () => {
    await meeting?.close();
    for (const proxy of proxies) await proxy.stop(true);
  });

  const missing = () => alice.page.locator('.missing').allInnerTexts();

  test('shows the messages and the rooms as soon as the browser reaches chat, and sends what was written', async () => {
    away.add('CHAT');
    const { promise: mayConnect, resolve: connect } = Promise.withResolvers<void>();
    await alice.page.route('**/api/chat/**', async (route) => {
      await mayConnect;
      await route.continue();
    });
    await alice.page.goto(`${meeting.suite.origin}/rooms/general`);
    expect((await missing()).join()).toContain('The messages can’t be shown at the moment');
    await alice.write('written meanwhile');
    connect();
    await bob.sees('written meanwhile');
    await alice.sees('said before');
    await alice.page.locator('#rooms a[aria-current][data-room="general"]').waitFor();
    await alice.page.locator('#rooms a[data-room="random"]').waitFor();
    await patiently(async () => expect(await missing()).toEqual([]));
    expect(alice.misdeeds).toEqual([]);
  });

  test('says the room’s name as soon as it is known', async () => {
    await meeting.post('chat/rooms', { id: 'launch', name: '# Launch party!' });
    away.add('CHAT');
    await alice.page.goto(`${meeting.suite.origin}/rooms/launch`);
    await alice.page.getByRole('heading', { name: 'Launch party!' }).waitFor();
    await alice.page.locator('#text[placeholder="Message #Launch party!"]').waitFor();
    await patiently(async () => expect(await alice.page.title()).toContain('#Launch party!'));
  });

  test('lists who is online and counts the notifications when they can be had', async () => {
    away.add('PRESENCE').add('NOTIFICATION');
    await alice.page.goto(`${meeting.suite.origin}/rooms/general`);
    await alice.page.locator('#people li', { hasText: 'Bob' }).waitFor();
    await patiently(async () => expect(await missing()).toEqual([]));
    await patiently(async () => expect(await alice.page.locator('#bell').getAttribute('title')).toBe('Notifications'));
    expect(alice.misdeeds).toEqual([]);
  });

  test('the bell counts what was told while there was no connection', async () => {
    await alice.page.goto(`${meeting.suite.origin}/rooms/general`);
    await lookAway(alice);
    const badge = alice.page.locator('#bell .badge');
    const before = Number.parseInt((await badge.textContent()) ?? '', 10) || 0;
    await alice.page.context().setOffline(true);
    await alice.page.locator('#connection', { hasText: 'Offline' }).waitFor();
    await bob.write('@Alice told while you were offline');
    await bob.sees('told while you were offline');
    await eventually(async () => {
      const answer = await fetch(`${meeting.suite.origin}/api/notifications/alice/unread-count`);
      expect(await answer.json()).toMatchObject({ unread_count: before + 1 });
    });
    await alice.page.context().setOffline(false);
    await patiently(async () => expect(await badge.textContent()).toContain(`${before + 1}`));
  });
});
