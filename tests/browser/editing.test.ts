import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { type Meeting, meet, type Person, patiently, switchTo } from './people.ts';

describeWith(['chromium'], 'what one writes', () => {
  let meeting: Meeting<['Alice', 'Bob']>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice', 'Bob']);
    [alice, bob] = meeting.people;
  });

  afterAll(() => meeting?.close());

  describe('an edit that isn’t saved', () => {
    const editorOf = ({ page }: Person) => page.getByLabel('Edit your message');

    const idOfLast = ({ page }: Person): Promise<string> =>
      page
        .locator('#log article')
        .last()
        .evaluate(({ id }) => id.replace('m-', ''));

    /** Writes a message and opens its editor. @returns the message's id */
    const beginEdit = async (text: string): Promise<string> => {
      await alice.write(text);
      await bob.sees(text);
      await alice.page.locator('#pending article').waitFor({ state: 'detached' });
      // The message leaves the queue one frame before it is in the log.
      await alice.sees(text);
      await alice.page.locator('#text').press('ArrowUp');
      await editorOf(alice).waitFor();
      return idOfLast(alice);
    };

    const editElsewhere = async (id: string, content: string): Promise<void> => {
      const { ok } = await fetch(`${meeting.suite.origin}/api/chat/rooms/general/messages/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: 'alice', content }),
      });
      expect(ok).toBe(true);
    };

    test('survives a reload and another room, and is forgotten once it is saved', async () => {
      await beginEdit('to be edited');
      await editorOf(alice).fill('half an ed');
      await alice.page.reload();
      await patiently(async () => expect(await editorOf(alice).inputValue()).toBe('half an ed'));
      await editorOf(alice).fill('half an edit');
      await switchTo(alice, 'devops');
      await switchTo(alice, 'general');
      await patiently(async () => expect(await editorOf(alice).inputValue()).toBe('half an edit'));
      await editorOf(alice).fill('a whole edit');
      await editorOf(alice).press('Enter');
      await bob.sees('a whole edit');
      await editorOf(alice).waitFor({ state: 'detached' });
      await alice.page.reload();
      await alice.sees('a whole edit');
      expect(await editorOf(alice).count()).toBe(0);
    });

    test('completes names and emoji as the field does: Enter and Escape are the list’s while there is one', async () => {
      await beginEdit('to be completed');
      const { page } = alice;
      await editorOf(alice).fill('');
      await editorOf(alice).pressSequentially('@bo');
      await page.getByRole('option', { name: 'Bob' }).waitFor();
      expect(
        await page.locator('.editor #choices').evaluate((list) => list.getBoundingClientRect().bottom),
      ).toBeLessThan(await page.locator('.dock').evaluate((dock) => dock.getBoundingClientRect().top));
      await page.keyboard.press('Enter');
      expect(await editorOf(alice).inputValue()).toBe('@Bob ');
      await editorOf(alice).pressSequentially(':rof');
      await page.getByRole('option', { name: 'rofl' }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('#choices').waitFor({ state: 'detached' });
      await editorOf(alice).pressSequentially('l:');
      await patiently(async () => expect(await editorOf(alice).inputValue()).toBe('@Bob 🤣'));
      await editorOf(alice).press('Enter');
      await bob.sees('@Bob 🤣');
      await editorOf(alice).waitFor({ state: 'detached' });
    });

    test('is left by a button where there is no Escape', async () => {
      await beginEdit('as it was');
      await editorOf(alice).fill('as it shall not be');
      await alice.page.getByRole('button', { name: 'Cancel' }).click();
      await editorOf(alice).waitFor({ state: 'detached' });
      await alice.sees('as it was');
      await alice.page.reload();
      await alice.sees('as it was');
      expect(await editorOf(alice).count()).toBe(0);
    });

    test('stays as it is typed when the message is edited elsewhere', async () => {
      const id = await beginEdit('first words');
      await editorOf(alice).fill('my words');
      await editorOf(alice).press('Home');
      await editElsewhere(id, 'other words');
      await bob.sees('other words');
      await alice.page.locator(`#m-${id} .body`, { hasText: 'other words' }).waitFor({ state: 'attached' });
      expect(await alice.page.locator(`#m-${id} .body`).isVisible()).toBe(false);
      await alice.page.keyboard.type('still ');
      expect(await editorOf(alice).inputValue()).toBe('still my words');
      await editorOf(alice).press('Enter');
      await bob.sees('still my words');
      await alice.page.locator(`#m-${id} .body`).waitFor();
    });

    test('may bring back what the message said before it was edited elsewhere', async () => {
      const id = await beginEdit('as it was');
      await editElsewhere(id, 'as it is');
      await alice.page.locator(`#m-${id} .body`, { hasText: 'as it is' }).waitFor({ state: 'attached' });
      await editorOf(alice).press('Enter');
      await bob.sees('as it was');
    });

    test('ends with its message, which is said', async () => {
      const id = await beginEdit('soon gone');
      await editorOf(alice).fill('never mind');
      await fetch(`${meeting.suite.origin}/api/chat/rooms/general/messages/${id}?user_id=alice`, { method: 'DELETE' });
      await alice.page.locator('#toasts', { hasText: 'was deleted' }).waitFor();
      expect(await editorOf(alice).count()).toBe(0);
      const field = alice.page.locator('#text');
      await patiently(async () => expect(await field.inputValue()).toBe('never mind'));
      await field.fill('');
    });

    test('goes without a word when one deletes the message oneself', async () => {
      const id = await beginEdit('better unsaid');
      await editorOf(alice).fill('');
      await editorOf(alice).press('Enter');
      await alice.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await alice.page.locator(`#m-${id}.gone`).waitFor();
      expect(await editorOf(alice).count()).toBe(0);
      expect(await alice.page.locator('#text').inputValue()).toBe('');
    });

    test('stays open with what is typed on while it is being saved', async () => {
      const { promise: isTyped, resolve: typed } = Promise.withResolvers<void>();
      await alice.page.route('**/api/chat/rooms/general/messages/*', async (route) => {
        if (route.request().method() === 'PATCH') await isTyped;
        await route.continue();
      });
      await beginEdit('to be saved');
      await editorOf(alice).fill('saved');
      await editorOf(alice).press('Enter');
      await editorOf(alice).pressSequentially(' and more');
      typed();
      await bob.sees('saved');
      await Bun.sleep(500);
      expect(await editorOf(alice).inputValue()).toBe('saved and more');
      await editorOf(alice).press('Enter');
      await bob.sees('saved and more');
      await editorOf(alice).waitFor({ state: 'detached' });
      await alice.page.unrouteAll({ behavior: 'wait' });
    });
  });

  test('a shortcode becomes its emoji at the last colon, and stays as it is in code', async () => {
    const field = alice.page.locator('#text');
    await field.pressSequentially('well :smile: and :no_such: and `:smile:`');
    await patiently(async () => expect(await field.inputValue()).toBe('well 😄 and :no_such: and `:smile:`'));
    await field.press('Home');
    await field.pressSequentially(':tada: ', { delay: 40 });
    await patiently(async () => expect(await field.inputValue()).toBe('🎉 well 😄 and :no_such: and `:smile:`'));
    await alice.page.reload();
    await patiently(async () => expect(await field.inputValue()).toBe('🎉 well 😄 and :no_such: and `:smile:`'));
    await field.press('Enter');
    await bob.sees('🎉 well 😄 and :no_such: and :smile:');
  });

  test('what is read in the moment before leaving the room is read', async () => {
    await switchTo(alice, 'general');
    for (const word of ['one', 'two', 'three']) await bob.write(`last ${word}`);
    await alice.sees('last three');
    await switchTo(alice, 'devops');
    await patiently(async () => {
      const rooms = await (await fetch(`${meeting.suite.origin}/api/chat/unread?user_id=alice`)).json();
      expect(rooms).toContainEqual(expect.objectContaining({ room_id: 'general', unread: 0 }));
    });
    await switchTo(alice, 'general');
  });

  test('days get their names anew when midnight passes', async () => {
    // A time zone in which it isn't close to midnight now.
    const timezoneId = Math.abs(new Date().getUTCHours() - 12) > 6 ? 'Etc/GMT-12' : 'UTC';
    const carol = await meeting.comeIn('Carol', { timezoneId });
    await carol.write('said today');
    await carol.page.locator('#pending article').waitFor({ state: 'detached' });
    await carol.page.clock.install();
    await carol.page.reload();
    const day = carol.page.locator('#log .day').last();
    await patiently(async () => expect(await day.textContent()).toBe('Today'));
    await carol.page.clock.fastForward('24:00:00');
    await carol.page.locator('#log .day', { hasText: 'Yesterday' }).waitFor();
    await carol.page.clock.fastForward('24:00:00');
    await patiently(async () => expect(await day.textContent()).toMatch(/^\w+day, /));
    await carol.leave();
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
