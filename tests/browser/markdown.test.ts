import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith } from '@parley/testing/servers/servers';
import type { Locator } from 'playwright-core';
import { type Meeting, meet, type Person } from './people.ts';

const YAML = 'services:\n  chat:\n    image: parley/chat\n    # two  spaces';
const CODE = '    if (a) {\n        b();\n    }';

describeWith(['chromium'], 'what people paste', () => {
  let meeting: Meeting<['Ann', 'Bob']>;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    meeting = await meet(['Ann', 'Bob']);
    [ann, bob] = meeting.people;
  });

  afterAll(() => meeting?.close());

  /** Waits until the newest message on a page has this word. @returns its body */
  const newest = async (person: Person, word: string): Promise<Locator> => {
    await person.sees(word);
    return person.page.locator('#log article', { hasText: word }).last().locator('.body');
  };

  /** The text that the clipboard gets when the whole body is selected. */
  const copied = (body: Locator): Promise<string> =>
    body.evaluate((element) => {
      const selection = getSelection();
      selection?.selectAllChildren(element);
      const text = selection?.toString() ?? '';
      selection?.removeAllRanges();
      return text.trimEnd();
    });

  test.each([
    ['image:', YAML],
    ['b();', CODE],
    ['share', '\\\\host\\share and C:\\_build'],
    ['3~4', '1~2, 3~4'],
    ['question', 'question:\n-'],
    ['whole', '<div> whole'],
    ['a backslash', 'C:\\*.txt and ¯\\_(ツ)_/¯ after a backslash'],
    ['third', '1) first\n3) third\n10) tenth'],
    ['came', '- went\n+ came\n- and went'],
    ['within', '- items\n  - within items\n    goes on\n- last'],
    ['uses', '- name: x\n  uses: y\n- name: z'],
    ['inner', '1) outer\n   1) inner\n   2) inner, too'],
    ['bullets', '- some\n- bullets\n* others'],
    ['to do', '- [ ] to do\n- [x] done'],
    ['a comment', '# a comment'],
    ['closed', '## closed ##'],
  ])('%s arrives as it was written, on the screen and in the clipboard', async (word, text) => {
    await ann.write(text);
    for (const body of [await newest(ann, word), await newest(bob, word)]) {
      expect(await body.evaluate((element: HTMLElement) => element.innerText.trimEnd())).toBe(text);
      expect(await copied(body)).toBe(text);
    }
    await bob.page.reload();
    expect(await copied(await newest(bob, word))).toBe(text);
  });

  test('a line that parts two texts, and the marks of paragraphs that are items, are copied', async () => {
    await ann.write('above\n\n---\nbelow the line');
    expect((await copied(await newest(bob, 'below the line'))).replaceAll(/\n+/g, '\n')).toBe(
      'above\n---\nbelow the line',
    );
    const comment = '/**\n * @param x\n * @returns y\n */';
    await ann.write(comment);
    expect((await copied(await newest(bob, 'param'))).replaceAll(/\n+/g, '\n')).toBe(comment);
    await ann.write('1) wide\n\n2) apart');
    expect((await copied(await newest(bob, 'apart'))).replaceAll(/\n+/g, '\n')).toBe('1) wide\n2) apart');
  });

  test('numbers are seen as they were written, bullets as bullets, and both sides of a difference by their marks', async () => {
    await ann.write('7) seven\n\ntext\n\n- point\n\ntext\n\n- old\n+ new\n\nsigned');
    const body = await newest(bob, 'signed');
    const widths = await body
      .locator('.mark')
      .evaluateAll((marks) => marks.map((mark) => mark.getBoundingClientRect().width > 0));
    expect(widths).toEqual([true, false, true, true]);
  });

  test('what has nothing to see is not sent, and stays no message', async () => {
    const { page } = bob;
    const before = await page.locator('#log article').count();
    for (const nothing of ['\u200b', '\u3164\u3164', '\u2800']) await ann.write(nothing);
    await ann.write('something to see');
    await newest(bob, 'something to see');
    expect(await page.locator('#log article').count()).toBe(before + 1);
  });

  test('stacked marks, wide tables and long words stay within the conversation, on a phone too', async () => {
    await ann.write(`Z${'\u0301'.repeat(200)} stacked`);
    await ann.write(`| wide |${' column |'.repeat(30)}\n|${'---|'.repeat(31)}\n|${' x |'.repeat(31)}`);
    for (const width of [1_200, 360]) {
      await bob.page.setViewportSize({ width, height: 800 });
      const table = await newest(bob, 'wide');
      await table.scrollIntoViewIfNeeded();
      const box = await table.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? Number.NaN)).toBeLessThanOrEqual(width);
      expect(await bob.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const stacked = await newest(bob, 'stacked');
      expect(await stacked.evaluate((element) => getComputedStyle(element).overflowY)).toBe('clip');
    }
    await bob.page.setViewportSize({ width: 1_200, height: 800 });
  });

  test('a spoiler shows by a click or the space bar, and is not copied before', async () => {
    await ann.write('it was ||the butler|| all along');
    const body = await newest(bob, 'all along');
    const hidden = body.locator('.spoiler span');
    expect(await hidden.isVisible()).toBeFalse();
    expect(await copied(body)).not.toContain('butler');
    await body.locator('.spoiler input').focus();
    await bob.page.keyboard.press('Space');
    expect(await hidden.isVisible()).toBeTrue();
    const own = (await newest(ann, 'all along')).locator('.spoiler');
    await own.click();
    expect(await own.locator('span').isVisible()).toBeTrue();
  });

  test('a link shows the host it leads to where its label names another', async () => {
    await ann.write('[http://good.example](http://evil.example) and [x](/\\evil.example) hither');
    const body = await newest(bob, 'hither');
    expect(await body.innerText()).toContain('http://good.example (evil.example)');
    expect(await body.locator('a').count()).toBe(1);
    await ann.write('[one](/.//evil.example) [two](/a/../..//evil.example) [/rooms/general](/rooms/general) thither');
    const links = (await newest(bob, 'thither')).locator('a');
    expect(
      await links.evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).origin)),
    ).toEqual([new URL(bob.page.url()).origin]);
    for (const person of [ann, bob]) expect(person.misdeeds).toEqual([]);
  });

  test('a picture takes at most 320 px of height, whatever its address says', async () => {
    await meeting.post('chat/rooms/general/messages', {
      ...{ user_id: 'ann', username: 'Ann', content: 'tall.png', message_type: 'file' },
      file_url: `/api/files/${crypto.randomUUID()}/download#type=image/png&w=1&h=9007199254740991`,
    });
    const image = bob.page.locator('#log article img[alt="tall.png"]');
    await image.waitFor();
    expect((await image.boundingBox())?.height).toBeLessThanOrEqual(320);
  });

  test('a picture keeps the box that was told, whatever its own size is', async () => {
    const id = await ann.page.evaluate(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 300 });
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      const form = new FormData();
      if (blob) form.set('file', blob, 'thin.png');
      const answer = await fetch('/api/files/upload?uploaded_by=ann&room_id=general', { method: 'POST', body: form });
      return ((await answer.json()) as { id: string }).id;
    });
    await meeting.post('chat/rooms/general/messages', {
      ...{ user_id: 'ann', username: 'Ann', content: 'thin.png', message_type: 'file' },
      file_url: `/api/files/${id}/download#type=image/png&w=400&h=100`,
    });
    const image = bob.page.locator('#log article img[alt="thin.png"]');
    await image.scrollIntoViewIfNeeded();
    const natural = await image.evaluate(async (element: HTMLImageElement) => {
      await element.decode();
      return element.naturalWidth / element.naturalHeight;
    });
    expect(natural).toBeCloseTo(40 / 300, 1);
    const { width, height } = (await image.boundingBox()) ?? { width: 0, height: 0 };
    expect(width / height).toBeCloseTo(4, 1);
    await bob.page.setViewportSize({ width: 360, height: 800 });
    const narrow = (await image.boundingBox()) ?? { width: 0, height: 0 };
    expect(narrow.width).toBeLessThan(360);
    expect(narrow.width / narrow.height).toBeCloseTo(4, 1);
    await bob.page.setViewportSize({ width: 1_200, height: 800 });
  });

  test('a file elsewhere names its host', async () => {
    await meeting.post('chat/rooms/general/messages', {
      ...{ user_id: 'ann', username: 'Ann', content: 'bank.example/statement.pdf', message_type: 'file' },
      file_url: 'https://evil.example/x.pdf',
    });
    const card = bob.page.locator('#log .card', { hasText: 'statement.pdf' });
    await card.waitFor();
    expect(await card.innerText()).toContain('File at evil.example');
  });
});
