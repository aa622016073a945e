import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { type Meeting, meet, type Person, switchTo, textsOf } from './people.ts';

describeWith(['chromium'], 'two people in two browsers', () => {
  let meeting: Meeting<[string, string]>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob']);
    [alice, bob] = meeting.people;
    await bob.page.locator('#people li', { hasText: 'Alice' }).waitFor();
  });

  afterAll(() => meeting?.close());

  test('see that the other joined and is online', async () => {
    const carol = meeting.comeIn('Carol');
    await alice.page.locator('#typing', { hasText: 'Carol joined' }).waitFor();
    await (await carol).page.locator('#people li', { hasText: 'Bob' }).waitFor();
    await alice.page.locator('#people li', { hasText: 'Carol' }).waitFor();
    await (await carol).leave();
    await alice.page.locator('#people li', { hasText: 'Carol' }).waitFor({ state: 'detached' });
  });

  test('see who is typing, and that they stopped', async () => {
    await bob.page.locator('#text').pressSequentially('hm');
    await alice.page.locator('#typing', { hasText: 'Bob is typing' }).waitFor();
    await bob.page.locator('#text').fill('');
    await alice.page.locator('#typing', { hasText: 'Bob' }).waitFor({ state: 'detached' });
  });

  test('see a message, its Markdown as markup', async () => {
    await alice.write('Hello **there**, see `code` and https://example.com/a_b\n```js\nconst one = 1;\n```');
    for (const person of [alice, bob]) await person.sees('Hello there');
    const message = bob.page.locator('#log article').last();
    expect(await message.locator('strong').textContent()).toBe('there');
    expect(await message.locator('a[target=_blank]').getAttribute('href')).toBe('https://example.com/a_b');
    expect(await message.locator('.hl-keyword').textContent()).toBe('const');
    await alice.page.locator('#pending article').waitFor({ state: 'detached' });
    expect((await textsOf(alice.page)).filter((text) => text.startsWith('Hello there'))).toHaveLength(1);
  });

  test('see an edit and a delete', async () => {
    await alice.write('a frist try');
    for (const person of [alice, bob]) await person.sees('a frist try');
    await alice.page.locator('#pending article').waitFor({ state: 'detached' });
    await alice.page.locator('#text').press('ArrowUp');
    const editor = alice.page.getByLabel('Edit your message');
    await editor.fill('a first try');
    await editor.press('Enter');
    await bob.page.locator('#log article:has(.edited)', { hasText: 'a first try' }).waitFor();
    const last = alice.page.locator('#log article').last();
    await last.hover();
    await last.getByRole('link', { name: 'Delete' }).click();
    await alice.page.getByRole('button', { name: 'Delete' }).click();
    await bob.page.locator('#log article', { hasText: 'This message was deleted' }).waitFor();
  });

  test('send files by button, drop and paste, and see pictures with their place reserved', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAFCAIAAADzBuo/AAAAEklEQVR4nGP4z8DAwMDAxAADAA4DAQH8MV7ZAAAAAElFTkSuQmCC',
      'base64',
    );
    await alice.page.locator('#files').setInputFiles([
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('some notes') },
      { name: 'dot.png', mimeType: 'image/png', buffer: png },
    ]);
    await bob.sees('notes.txt');
    await bob.sees('dot.png');
    const picture = bob.page.locator('#log .picture img').last();
    expect([await picture.getAttribute('width'), await picture.getAttribute('height')]).toEqual(['10', '5']);
    await alice.page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
      document.getElementById('room')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
      const pasted = new DataTransfer();
      pasted.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }));
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted }));
    });
    await bob.sees('dropped.txt');
    await bob.sees('pasted.txt');
  });

  test('are told in words why a file is not taken', async () => {
    const program = { name: 'x.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ\0\0') };
    await alice.page.locator('#files').setInputFiles(program);
    const why = alice.page.locator('#uploads .why');
    await why.waitFor();
    expect(await why.textContent()).not.toContain('415');
    await alice.page.getByRole('button', { name: 'Cancel x.exe' }).click();
    expect(await alice.page.locator('#uploads li').count()).toBe(0);
  });

  test('see a mention marked, counted on the bell, and listed in the panel', async () => {
    // Bob is in another room: in the open one the mention would be read at once.
    await switchTo(bob, 'devops');
    await alice.write('@Bob have a look');
    await bob.page.locator('#bell .badge', { hasText: '1' }).waitFor();
    await bob.page.locator('#bell').click();
    const entry = bob.page.locator('#panel .notification', { hasText: 'have a look' });
    await entry.waitFor();
    const second = await bob.page.context().newPage();
    await second.goto(`${meeting.suite.origin}/rooms/devops`);
    await second.locator('#bell .badge', { hasText: '1' }).waitFor();
    await entry.getByRole('button', { name: 'Mark as read' }).click();
    await second.locator('#bell .badge').waitFor({ state: 'hidden' });
    await bob.page.locator('#panel .notification:not(.fresh)').waitFor();
    await bob.page.locator('#panel .notification').getByRole('button', { name: 'Delete' }).click();
    await bob.page.locator('#panel .empty').waitFor();
    await second.close();
    await bob.page.keyboard.press('Escape');
    await switchTo(bob, 'general');
    await bob.page.locator('#log .mention.own').waitFor();
  });

  test('switch rooms, see what is unread elsewhere, and come back by the browser’s own buttons', async () => {
    await bob.page.locator('#rooms a', { hasText: 'devops' }).click();
    await bob.page.locator('#room[data-room=devops]').waitFor();
    await alice.write('while you were away');
    await bob.page.locator('#rooms a[data-room=general].unread .badge', { hasText: '1' }).waitFor();
    expect(await bob.page.title()).toStartWith('(1)');
    expect(await bob.page.locator('#favicon').getAttribute('href')).toBe('/favicon-unread.svg');
    await bob.page.goBack();
    await bob.page.locator('#room[data-room=general]').waitFor();
    await bob.sees('while you were away');
    expect(await bob.page.locator('.new-line').count()).toBe(1);
    await bob.page.goForward();
    await bob.page.locator('#room[data-room=devops]').waitFor();
    await bob.page.goBack();
    await bob.page.locator('#room[data-room=general]').waitFor();
    await alice.write('still connected');
    await bob.sees('still connected');
  });

  test('keep a draft through a reload, and the conversation with it', async () => {
    await bob.page.locator('#text').fill('half a thou');
    const before = await textsOf(bob.page);
    await bob.page.reload();
    await bob.page.locator('#log article').first().waitFor();
    expect(await bob.page.locator('#text').inputValue()).toBe('half a thou');
    expect(await textsOf(bob.page)).toEqual(before);
    await bob.page.locator('#text').fill('');
  });

  test('complete names and emoji', async () => {
    await bob.page.locator('#text').pressSequentially('@ali');
    await bob.page.getByRole('option', { name: 'Alice' }).waitFor();
    await bob.page.keyboard.press('Enter');
    expect(await bob.page.locator('#text').inputValue()).toBe('@Alice ');
    await bob.page.locator('#text').pressSequentially(':ro');
    await bob.page.getByRole('option', { name: 'rofl' }).waitFor();
    // A choice is made before the list is updated for the last keys: it must still fit the typed text.
    await bob.page.locator('#text').pressSequentially('ck');
    await bob.page.keyboard.press('Tab');
    expect(await bob.page.locator('#text').inputValue()).toBe('@Alice 🚀 ');
    await bob.page.locator('#text').fill('');
  });

  test('create a room that the other finds', async () => {
    await alice.page.getByRole('link', { name: 'Create a room' }).click();
    await alice.page.getByLabel('Name').fill('launch party');
    await alice.page.getByRole('button', { name: 'Create the room' }).click();
    await alice.page.locator('#room[data-room=launch-party]').waitFor();
    await bob.page.goto(`${meeting.suite.origin}/rooms/launch-party`);
    await bob.page.locator('#room[data-room=launch-party]').waitFor();
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
