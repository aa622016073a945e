import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { comeIn, launchBrowser, type Meeting, meet, type Person, patiently, textsOf } from './people.ts';

/** A host name other than localhost, so that the page is no secure context, as on a network without certificates. */
const PLAIN_HOST = 'parley.test';

describeWith(['chromium'], 'what comes in otherwise than key by key', () => {
  let meeting: Meeting<['Alice']>;
  let alice: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice'], {
      // A suite that listens on loopback rejects other host names.
      env: { HOST: '0.0.0.0' },
      launch: () => launchBrowser(`--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`),
    });
    [alice] = meeting.people;
  });

  afterAll(() => meeting?.close());

  /** Dispatches Enter in a field as Safari does when an input method ends a composition. */
  const finishWord = (label: string): Promise<boolean> =>
    alice.page.getByLabel(label).evaluate((field) => {
      const about = { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
      return field.dispatchEvent(new KeyboardEvent('keydown', about));
    });

  /** @returns whether the page leaves the paste to the browser */
  const paste = (texts: Record<string, string>): Promise<boolean> =>
    alice.page.locator('#text').evaluate((field, given) => {
      const clipboardData = new DataTransfer();
      for (const [type, text] of Object.entries(given)) clipboardData.setData(type, text);
      clipboardData.items.add(new File(['a picture'], 'pasted.txt', { type: 'text/plain' }));
      return field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, texts);

  test('an Enter that finishes a word of an input method sends nothing and saves nothing', async () => {
    await alice.page.locator('#text').fill('にほんご');
    expect(await finishWord('Message #general')).toBe(true);
    expect(await alice.page.locator('#text').inputValue()).toBe('にほんご');
    await alice.page.locator('#text').press('Enter');
    await alice.sees('にほんご');
    await alice.page.locator('#pending article').waitFor({ state: 'detached' });
    await alice.page.locator('#text').press('ArrowUp');
    await alice.page.getByLabel('Edit your message').fill('日本語');
    expect(await finishWord('Edit your message')).toBe(true);
    await alice.page.getByLabel('Edit your message').press('Enter');
    await alice.sees('日本語');
  });

  test('a table of an office program is pasted as its text, a picture of a page as a file', async () => {
    expect(await paste({ 'text/plain': 'a\tb', 'text/html': '<table><tr><td>a<td>b</table>' })).toBe(true);
    expect(await alice.page.locator('#uploads li').count()).toBe(0);
    expect(await paste({ 'text/html': '<img>' })).toBe(false);
    await alice.sees('pasted.txt');
  });

  test('a text that is too long is kept whole and refused with the reason, however long', async () => {
    const refused = alice.page.locator('#pending .refused');
    for (const length of [8_001, 100_000]) {
      await alice.page.locator('#text').focus();
      await alice.page.keyboard.insertText('x'.repeat(length));
      await alice.page.keyboard.press('Enter');
      await refused.filter({ hasText: `it has ${length} characters, at most 8000 fit` }).waitFor();
      await refused.getByRole('button', { name: 'Edit' }).click();
      await patiently(async () => expect((await alice.page.locator('#text').inputValue()).length).toBe(length));
      await alice.page.locator('#text').fill('');
    }
    await alice.write('the connection is as it was');
    await alice.sees('the connection is as it was');
  });

  test('a page by plain http from another machine sends, and gives a message’s link', async () => {
    const plain = await comeIn(meeting.browser, meeting.suite.origin.replace('localhost', PLAIN_HOST), 'Pat');
    expect(await plain.page.evaluate(() => isSecureContext)).toBe(false);
    await plain.write('from afar');
    await alice.sees('from afar');
    await patiently(async () => expect((await textsOf(plain.page)).at(-1)).toBe('from afar'));
    const offered = new Promise<string>((resolve) =>
      plain.page.once('dialog', (dialog) => {
        resolve(dialog.defaultValue());
        void dialog.dismiss();
      }),
    );
    const last = plain.page.locator('#log article').last();
    await last.focus();
    await last.getByLabel('Copy link').click();
    expect(await offered).toMatch(/^http:\/\/parley\.test:\d+\/rooms\/general\/\d+$/);
    await plain.page.context().close();
  });

  test('did nothing that a page must not do', () => {
    expect(alice.misdeeds).toEqual([]);
  });
});
