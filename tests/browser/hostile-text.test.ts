import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { type Meeting, meet, type Person, textsOf } from './people.ts';

const SCRIPT = '<script>window.pwned = 1</script>';
const IMAGE = '<img src=x onerror="window.pwned = 2">';
const ATTRIBUTE = '" onmouseover="window.pwned = 3" x="';
const TEMPLATE = '<hx-partial hx-target="body"><b>swapped</b></hx-partial>';
/** Right-to-left override, which reverses the text after it: `gnp.exe` would read as `exe.png`. */
const BIDI = 'photo\u202Egnp.exe';

const hostileNames = [IMAGE, ATTRIBUTE, `${SCRIPT}x`, 'mallory\u202Eecila'];

const hostileTexts = [
  SCRIPT,
  IMAGE,
  ATTRIBUTE,
  TEMPLATE,
  BIDI,
  '<a href="javascript:window.pwned=4">x</a>',
  '[click me](javascript:window.pwned=5)',
  '[click me](JaVaScRiPt:window.pwned=6)',
  '[click me](data:text/html,<script>window.pwned=7</script>)',
  '![picture](http://127.0.0.1:9/track.png)',
  '<iframe src="http://127.0.0.1:9/"></iframe>',
  '<style>body{display:none}</style>',
  '<svg onload=window.pwned=8>',
  '`<img src=x onerror=window.pwned=9>`',
  '```"><img src=x onerror=window.pwned=10>\n</code></pre><img src=x onerror=window.pwned=11>\n```',
  '[a]: javascript:window.pwned=12 "x"\n[a]',
  '<template hx type="partial" hx-target="#page">gone</template>',
  '@<img src=x onerror=window.pwned=13>',
];

describeWith(['chromium'], 'hostile text', () => {
  let meeting: Meeting<['Alice']>;
  let alice: Person;
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${meeting.suite.origin}/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const say = (content: string, username = 'Mallory', more: Record<string, unknown> = {}) =>
    post('chat/rooms/general/messages', { user_id: 'mallory', username, content, ...more });

  const isUnharmed = async (): Promise<void> => {
    const state = await alice.page.evaluate(() => ({
      pwned: Reflect.get(window, 'pwned') ?? null,
      strange: document.querySelectorAll('#log script, #log iframe, #log style, #log [onerror], #log [onmouseover]')
        .length,
      images: [...document.querySelectorAll('#log img')].map((image) => image.getAttribute('src')),
      links: [...document.querySelectorAll<HTMLAnchorElement>('a')].filter(
        ({ protocol }) => !/^(https?|mailto):/.test(protocol),
      ).length,
    }));
    expect(state).toEqual({ pwned: null, strange: 0, images: [], links: 0 });
    expect(alice.misdeeds).toEqual([]);
  };

  beforeAll(async () => {
    meeting = await meet(['Alice']);
    [alice] = meeting.people;
  });

  afterAll(() => meeting?.close());

  test('stays text in live messages and on the page that is loaded anew', async () => {
    for (const text of hostileTexts) expect((await say(text)).status).toBe(201);
    await say('the end');
    await alice.sees('the end');
    await isUnharmed();
    const live = await textsOf(alice.page);
    for (const text of [SCRIPT, IMAGE, TEMPLATE, '[click me](javascript:window.pwned=5)']) expect(live).toContain(text);
    await alice.page.reload();
    await alice.sees('the end');
    await isUnharmed();
    expect(await textsOf(alice.page)).toEqual(live);
  });

  test('stays text as a user name: of a message, a typist, someone who joined, someone online', async () => {
    for (const [index, name] of hostileNames.entries()) {
      await say(`by name ${index}`, name);
      await post(`presence/mallory${index}/heartbeat?username=${encodeURIComponent(name)}`, {});
      const socket = new WebSocket(
        `${meeting.suite.origin.replace('http', 'ws')}/ws/general/m${index}?username=${encodeURIComponent(name)}`,
      );
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      socket.send('{"type":"typing"}');
      await alice.page.locator('#typing', { hasText: 'typing' }).waitFor();
      socket.close();
    }
    await alice.sees(`by name ${hostileNames.length - 1}`);
    expect(await alice.page.locator('#log .author').allInnerTexts()).toContain(IMAGE);
    await isUnharmed();
    await alice.page.reload();
    await alice.page.locator('#people li', { hasText: IMAGE }).waitFor();
    await isUnharmed();
  });

  test('a name that turns text around turns nothing but itself', async () => {
    const order = await alice.page.evaluate(() => {
      const author = [...document.querySelectorAll('#log .author')].find(({ textContent }) =>
        textContent?.includes('\u202E'),
      );
      const time = author?.parentElement?.querySelector('.time');
      return [author?.getBoundingClientRect().left ?? 0, time?.getBoundingClientRect().left ?? 0];
    });
    expect(order[0]).toBeLessThan(order[1] ?? 0);
  });

  test('stays text as a room’s name and topic', async () => {
    await post('chat/rooms', { id: 'trap', name: `# ${IMAGE}`, description: `${SCRIPT}${BIDI}` });
    await alice.page.goto(`${meeting.suite.origin}/rooms/trap`);
    expect(await alice.page.locator('h1').textContent()).toContain(IMAGE);
    expect(await alice.page.locator('.room-title p').textContent()).toContain(SCRIPT);
    await isUnharmed();
    await alice.page.goto(`${meeting.suite.origin}/rooms/general`);
  });

  test('stays text as a file’s name, and only our own files are shown as pictures', async () => {
    for (const file_url of [
      'javascript:window.pwned=20',
      'data:text/html,<script>window.pwned=21</script>',
      'http://127.0.0.1:9/track.png',
      '//127.0.0.1:9/track.png',
      '/api/files/../../sign-out',
      '/api/files/x"onerror="window.pwned=22/download',
    ])
      expect((await say(`${IMAGE}.png`, 'Mallory', { message_type: 'file', file_url })).status).toBe(201);
    await say('after the files');
    await alice.sees('after the files');
    await isUnharmed();
    await alice.page
      .locator('#files')
      .setInputFiles({ name: `${IMAGE}${BIDI}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x') });
    await alice.page.locator('#log .card', { hasText: 'onerror' }).last().waitFor();
    await isUnharmed();
  });

  test('stays text in a notification', async () => {
    await post('notifications', {
      user_id: 'alice',
      title: IMAGE,
      body: SCRIPT,
      notif_type: 'mention',
      room_id: 'general',
    });
    await alice.page.locator('#bell .badge', { hasText: '1' }).waitFor();
    await alice.page.locator('#bell').click();
    const entry = alice.page.locator('#panel .notification');
    await entry.waitFor();
    expect(await entry.textContent()).toContain(IMAGE);
    await isUnharmed();
  });

  test('a name with invisible characters is not let in', async () => {
    const page = await meeting.browser.newPage();
    await page.goto(meeting.suite.origin);
    await page.getByLabel('Your name').fill('ali\u200bce');
    await page.getByRole('button', { name: 'Join the conversation' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('invisible');
    await page.close();
  });
});
