import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { type Meeting, meet, type Person, patiently, textsOf } from './people.ts';

describeWith(['chromium'], 'a browser without JavaScript', () => {
  let meeting: Meeting<[]>;
  let nora: Person;

  beforeAll(async () => {
    meeting = await meet([]);
    nora = await meeting.comeIn('Nora', { javaScriptEnabled: false });
  });

  afterAll(() => meeting?.close());

  beforeEach(async () => {
    await nora.page.goto(`${meeting.suite.origin}/rooms/general`);
  });

  const send = async (text: string): Promise<void> => {
    await nora.page.locator('#text').fill(text);
    await nora.page.getByRole('button', { name: 'Send' }).click();
    await nora.sees(text);
  };

  test('reads, sends, edits and deletes', async () => {
    expect((await textsOf(nora.page)).length).toBeGreaterThan(1);
    await send('plain forms');
    await nora.page.locator('#log article').last().getByRole('link', { name: 'Edit' }).click();
    await nora.page.getByRole('textbox', { name: 'Message' }).fill('plain old forms');
    await nora.page.getByRole('button', { name: 'Save' }).click();
    await nora.sees('plain old forms');
    await nora.page.locator('#log article').last().getByRole('link', { name: 'Delete' }).click();
    await nora.page.getByRole('button', { name: 'Delete the message' }).click();
    await nora.sees('This message was deleted');
  });

  test('opens a room at its newest message, and pages back and forward', async () => {
    const author = { user_id: 'many', username: 'Many' };
    for (let index = 1; index <= 120; index += 1) {
      await meeting.post('chat/rooms/random/messages', { ...author, content: `number ${index}` });
    }
    await nora.page.locator('#rooms a', { hasText: 'random' }).click();
    await nora.sees('number 120');
    expect(await nora.page.locator('#log article', { hasText: 'number 120' }).isVisible()).toBe(true);
    await nora.page.getByRole('link', { name: 'Older messages' }).click();
    await nora.sees('number 70');
    expect((await textsOf(nora.page)).at(-1)).toBe('number 70');
    await nora.page.getByRole('link', { name: 'Newer messages' }).click();
    await nora.sees('number 120');
    expect((await textsOf(nora.page))[0]).toBe('number 71');
  });

  test('is online while looking, for the others', async () => {
    await eventually(async () => {
      const online = await (await fetch(`${meeting.suite.origin}/api/presence?limit=100`)).text();
      expect(online).toContain('"nora"');
    });
    await nora.page.reload();
    expect(await nora.page.locator('#people li', { hasText: 'Nora' }).count()).toBe(1);
  });

  test('can be mentioned before ever having written', async () => {
    const lea = await meeting.comeIn('Lea', { javaScriptEnabled: false });
    await meeting.post('chat/rooms/random/messages', {
      user_id: 'mia',
      username: 'Mia',
      content: '@Lea are you here?',
    });
    await patiently(async () => {
      await lea.page.goto(`${meeting.suite.origin}/notifications`);
      expect(await lea.page.locator('.notification').allInnerTexts()).toEqual([
        expect.stringContaining('are you here?'),
      ]);
    });
    await lea.page.getByRole('link', { name: 'Mia mentioned you' }).click();
    await lea.sees('are you here?');
    await lea.leave();
  });

  test('creates a room', async () => {
    await nora.page.getByRole('link', { name: 'Create a room' }).click();
    await nora.page.getByLabel('Name').fill('quiet corner');
    await nora.page.getByRole('button', { name: 'Create the room' }).click();
    await nora.page.locator('#room[data-room=quiet-corner]').waitFor();
  });

  test('uploads files with a message', async () => {
    await nora.page.locator('#files').setInputFiles([
      { name: 'one.txt', mimeType: 'text/plain', buffer: Buffer.from('first') },
      { name: 'two.txt', mimeType: 'text/plain', buffer: Buffer.from('second') },
    ]);
    await send('with two files');
    await nora.sees('one.txt');
    await nora.sees('two.txt');
  });

  test('is offered nothing that only scripts can do', async () => {
    await send('hover over me');
    await nora.page.locator('#log article').last().hover();
    await nora.page.locator('#log article').last().getByRole('link', { name: 'Edit' }).waitFor();
    expect(await nora.page.locator('.js-only:visible').count()).toBe(0);
  });

  test('is told why a message could not be sent, and keeps its text', async () => {
    await nora.page
      .locator('#files')
      .setInputFiles({ name: 'x.exe', mimeType: 'application/x', buffer: Buffer.from('MZ') });
    await nora.page.locator('#text').fill('do not lose me');
    await nora.page.getByRole('button', { name: 'Send' }).click();
    await nora.page.locator('.composer .fault').waitFor();
    expect(await nora.page.locator('#text').inputValue()).toBe('do not lose me');
  });

  test('reads and clears notifications, changes colours, looks at the status, and leaves', async () => {
    await meeting.post('notifications', {
      user_id: 'nora',
      title: 'Ada mentioned you',
      body: 'look',
      notif_type: 'mention',
    });
    await nora.page.goto(`${meeting.suite.origin}/notifications`);
    await nora.page.getByRole('button', { name: 'Mark all as read' }).click();
    await nora.page.locator('.notification:not(.fresh)').waitFor();
    await nora.page.getByRole('button', { name: 'Delete' }).click();
    await nora.page.locator('.empty').waitFor();
    await nora.page.goto(`${meeting.suite.origin}/rooms/general`);
    await nora.page.locator('.me-button').click();
    await nora.page.getByRole('button', { name: 'Dark' }).click();
    expect(await nora.page.locator('html').getAttribute('data-theme')).toBe('dark');
    await nora.page.goto(`${meeting.suite.origin}/status`);
    expect(await nora.page.locator('.state').allInnerTexts()).toEqual(Array(5).fill('healthy'));
    await nora.page.goto(`${meeting.suite.origin}/rooms/general`);
    await nora.page.locator('.me-button').click();
    await nora.page.getByRole('button', { name: 'Sign out' }).click();
    await nora.page.getByLabel('Your name').waitFor();
  });

  test('did nothing that a page must not do', () => {
    expect(nora.misdeeds).toEqual([]);
  });
});
