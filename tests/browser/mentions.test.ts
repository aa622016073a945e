/** Mentions in the page: completed while writing, and notified to the mentioned person, also after edits. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { listNotifications } from '@parley/client/api/notification';
import { describeWith } from '@parley/testing/servers/servers';
import { lookAway, type Meeting, meet, type Person, patiently, switchTo } from './people.ts';

describeWith(['chromium'], 'people who mention each other', () => {
  let meeting: Meeting<[string, string, string]>;
  let ann: Person;
  let tom: Person;
  let flap: Person;

  beforeAll(async () => {
    meeting = await meet(['Ann', 'Tom Okafor', 'O’Brien हिमांशु']);
    [ann, tom, flap] = meeting.people;
    await lookAway(tom);
  });

  afterAll(() => meeting?.close());

  const field = ({ page }: Person) => page.locator('#text');
  const bell = ({ page }: Person, count: string) => page.locator('#bell .badge', { hasText: count }).waitFor();
  const chipsIn = ({ page }: Person, text: string) =>
    page.locator('#log article', { hasText: text }).last().locator('.mention').allInnerTexts();
  const ownChip = ({ page }: Person, text: string) =>
    page.locator('#log article', { hasText: text }).last().locator('.mention.own');
  const complete = async (person: Person, typed: string, name: string): Promise<void> => {
    await field(person).pressSequentially(typed);
    await person.page.getByRole('option', { name }).waitFor();
    await person.page.keyboard.press('Enter');
  };

  test('a name is completed over its second word, sent whole, shown whole to all, and told to the person', async () => {
    await complete(ann, 'well, @tom o', 'Tom Okafor');
    expect(await field(ann).inputValue()).toBe('well, @Tom Okafor ');
    await field(ann).pressSequentially('come and see');
    await ann.page.keyboard.press('Enter');
    await ownChip(tom, 'come and see').waitFor();
    await bell(tom, '1');
    await flap.sees('come and see');
    for (const person of [ann, tom, flap])
      await patiently(async () => expect(await chipsIn(person, 'come and see')).toEqual(['@Tom Okafor']));
    expect(await ownChip(ann, 'come and see').count()).toBe(0);
    await patiently(async () => {
      await tom.page.reload();
      expect(await chipsIn(tom, 'come and see')).toEqual(['@Tom Okafor']);
    });
  });

  test('in code, a link or a quote there is none, and nobody is told', async () => {
    await ann.write('`@Tom Okafor` https://a.example/@tom-okafor\n\n> @Tom Okafor\n\nnot meant');
    await tom.sees('not meant');
    expect(await chipsIn(tom, 'not meant')).toEqual([]);
    await ann.write('_@Tom Okafor_, meant');
    await ownChip(tom, ', meant').waitFor();
    await bell(tom, '2');
  });

  test('edited away it is shown no more, edited in it is told', async () => {
    await ann.write('a word for all');
    for (const person of [ann, tom]) await person.sees('a word for all');
    await ann.page.locator('#pending article').waitFor({ state: 'detached' });
    const edit = async (text: string): Promise<void> => {
      await field(ann).press('ArrowUp');
      const editor = ann.page.getByLabel('Edit your message');
      await editor.fill(text);
      await editor.press('Enter');
      await editor.waitFor({ state: 'detached' });
    };
    await edit('a word for all, @tom okafor');
    await ownChip(tom, 'a word for all').waitFor();
    await bell(tom, '3');
    await edit('a word for all after all');
    await tom.sees('a word for all after all');
    expect(await chipsIn(tom, 'a word for all after all')).toEqual([]);
  });

  test('someone who has never opened the room is completed there, and told', async () => {
    const path = '/rooms/devops';
    const eve = await meeting.comeIn('Eve', { path });
    await complete(ann, '@ev', 'Eve');
    await field(ann).pressSequentially('come to general');
    await ann.page.keyboard.press('Enter');
    await bell(eve, '1');
    await switchTo(eve, 'general');
    await ownChip(eve, 'come to general').waitFor();
    await eve.leave();
  });

  test('a name is completed without its accents, apostrophe or sign as it is written, behind any script', async () => {
    await complete(ann, "你好@o'b", 'O’Brien हिमांशु');
    expect(await field(ann).inputValue()).toBe('你好@O’Brien हिमांशु ');
    await field(ann).fill('');
    await complete(ann, '(＠o’brien हि', 'O’Brien हिमांशु');
    expect(await field(ann).inputValue()).toBe('(@O’Brien हिमांशु ');
    await field(ann).pressSequentially('!)');
    await ann.page.keyboard.press('Enter');
    await ownChip(flap, '!)').waitFor();
  });

  test('of two people of one name the one who is chosen is told, the other not', async () => {
    for (const id of ['twin-1', 'twin-2'])
      await meeting.post('chat/rooms/general/messages', { user_id: id, username: 'Robin', content: `I am ${id}` });
    await field(ann).fill('');
    await field(ann).pressSequentially('@robin');
    await ann.page.getByRole('option', { name: '@twin-2' }).click();
    expect(await field(ann).inputValue()).toBe('@twin-2 ');
    await field(ann).pressSequentially('it is you');
    await ann.page.keyboard.press('Enter');
    await ann.sees('it is you');
    const told = async (id: string): Promise<number> => (await meeting.call(listNotifications, { user_id: id })).length;
    await patiently(async () => expect(await told('twin-2')).toBe(1));
    expect(await told('twin-1')).toBe(0);
  });

  test('a name that is written out sends with Enter, and words behind a name are no name', async () => {
    await field(ann).pressSequentially('@Eve');
    await ann.page.getByRole('option', { name: 'Eve' }).waitFor();
    await ann.page.keyboard.press('Enter');
    await ann.sees('@Eve');
    await complete(ann, '@to', 'Tom Okafor');
    await field(ann).pressSequentially('o my');
    expect(await ann.page.locator('#choices').count()).toBe(0);
    await ann.page.keyboard.press('Enter');
    await tom.sees('@Tom Okafor o my');
    for (const person of meeting.people) expect(person.misdeeds).toEqual([]);
  });
});
