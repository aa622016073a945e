/** The front end in Firefox: the everyday features, and a server that is killed. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { launchFirefox } from './firefox.ts';
import { type Meeting, meet, PATIENCE_MS, type Person, patiently, textsOf } from './people.ts';

describeWith(['firefox'], 'two people in Firefox', () => {
  let meeting: Meeting<['Alice']>;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Alice'], { launch: launchFirefox });
    [alice] = meeting.people;
    bob = await meeting.comeIn('Bob', { viewport: { width: 390, height: 844 } });
  });

  afterAll(() => meeting?.close());

  test('see each other, a message and its Markdown, and markup as text', async () => {
    await alice.page.locator('#people li', { hasText: 'Bob' }).waitFor();
    await alice.write(
      'Hello **there**, see https://example.com/a_b <img src=x onerror=alert(1)>\n```js\nconst one = 1;\n```',
    );
    await bob.sees('Hello there');
    const message = bob.page.locator('#log article').last();
    expect(await message.locator('strong').textContent()).toBe('there');
    expect(await message.locator('a[target=_blank]').getAttribute('href')).toBe('https://example.com/a_b');
    expect(await message.locator('.hl-keyword').textContent()).toBe('const');
    expect(await message.locator('.body').textContent()).toContain('<img src=x onerror=alert(1)>');
    expect(await message.locator('.body img').count()).toBe(0);
  });

  test('see an edit and a delete', async () => {
    await bob.write('a frist try');
    await alice.sees('a frist try');
    await bob.sees('a frist try');
    await bob.page.locator('#text').press('ArrowUp');
    await bob.page.getByLabel('Edit your message').fill('a first try');
    await bob.page.getByLabel('Edit your message').press('Enter');
    await alice.page.locator('#log article', { hasText: 'a first try' }).getByText('(edited)').waitFor();
    await alice.write('for long');
    await alice.write('not for long');
    const last = alice.page.locator('#log article', { hasText: 'not for long' });
    await last.hover();
    const [time, text] = [await last.locator('.time').boundingBox(), await last.locator('.body').boundingBox()];
    expect((time?.x ?? 0) + (time?.width ?? 0)).toBeLessThan(text?.x ?? 0);
    await last.getByRole('link', { name: 'Delete' }).click();
    await alice.page.getByRole('button', { name: 'Delete' }).click();
    await bob.page.locator('#log article', { hasText: 'This message was deleted' }).waitFor();
  });

  test('keep the conversation and a draft through a reload', async () => {
    await bob.page.locator('#text').fill('half a thou');
    const before = await textsOf(bob.page);
    await bob.page.reload();
    await bob.page.locator('#log article').first().waitFor();
    expect(await bob.page.locator('#text').inputValue()).toBe('half a thou');
    expect(await textsOf(bob.page)).toEqual(before);
    await bob.page.locator('#text').fill('');
  });

  test('lose and double nothing when the server is killed while they write', async () => {
    await meeting.suite.kill();
    await alice.page.locator('#connection', { hasText: 'Reconnecting' }).waitFor();
    const meanwhile = ['meanwhile 1', 'meanwhile 2', 'meanwhile 3'];
    for (const text of meanwhile) await alice.write(text);
    await patiently(async () => expect(await alice.page.locator('#pending article').count()).toBe(3));
    await meeting.suite.start();
    for (const person of [alice, bob])
      await eventually(
        async () => {
          const texts = await textsOf(person.page);
          expect(texts.filter((text) => text.startsWith('meanwhile'))).toEqual(meanwhile);
        },
        { timeoutMs: 2 * PATIENCE_MS },
      );
    await alice.page.locator('#pending article').first().waitFor({ state: 'detached' });
  });

  test('did nothing that a page must not do', () => {
    expect([...alice.misdeeds, ...bob.misdeeds]).toEqual([]);
  });
});
