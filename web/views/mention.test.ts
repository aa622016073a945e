import { describe, expect, test } from 'bun:test';
import { placesIn } from '@parley/chat/mentions/places';
import type { Mention } from '@parley/chat/mentions/rules';
import { nameKey } from '@parley/chat/people';
import fc from 'fast-check';
import { people, textWithMentions } from '../testing/markdown.ts';
import { aMessage } from '../testing/upstreams.ts';
import { message } from './message.ts';

/** The mentions that chat would store if these were the only people. */
const mentionsIn = (content: string, known = people): Mention[] =>
  placesIn(content).flatMap(({ at, names }) => {
    for (const { key, length } of names) {
      const meant = Object.keys(known).filter((id) => [id, known[id] ?? ''].map(nameKey).includes(key));
      if (meant.length > 0) return meant.map((user_id) => ({ user_id, at, length }));
    }
    return [];
  });

const render = (content: string, mentions = mentionsIn(content), readerId = 'ann', author = 'bob'): string => {
  const facts = aMessage(1, { content, mentions, user_id: author });
  return message(facts, { id: readerId, name: 'whoever', locale: 'en', timeZone: 'UTC' }).text;
};

const CHIP = /<bdi class="mention( own)?">(.*?)<\/bdi>/gs;
const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const plainOf = (text: string): string => text.replaceAll(/&[#\w]+;/g, (entity) => entities[entity] ?? entity);
const chipsIn = (markup: string) =>
  Array.from(markup.matchAll(CHIP), ([, own, text = '']) => ({ text: plainOf(text), isOwn: own !== undefined }));
const textsOf = (markup: string): string[] => chipsIn(markup).map(({ text }) => text);

describe('a mention', () => {
  test('is highlighted where chat stored one, and more strongly for the reader', () => {
    expect(chipsIn(render('@Ann Lee and @Ann'))).toEqual([
      { text: '@Ann Lee', isOwn: false },
      { text: '@Ann', isOwn: true },
    ]);
    expect(textsOf(render("_@Ann_ **＠李雷你好** - @민수님, @O'BRIEN"))).toEqual([
      '@Ann',
      '＠李雷',
      '@민수',
      "@O'BRIEN",
    ]);
  });

  test('of nobody is text, and so is one in a message without the field', () => {
    expect(textsOf(render('@nobody @someone', []))).toEqual([]);
    expect(textsOf(render('@Ann', []))).toEqual([]);
    expect(textsOf(render('@Ann', undefined))).toEqual(['@Ann']);
    const { mentions: _, ...old } = aMessage(1, { content: '@Ann' });
    expect(
      message(old as typeof old & { mentions: Mention[] }, { id: 'ann', name: 'Ann', locale: 'en', timeZone: 'UTC' })
        .text,
    ).toContain('@Ann');
  });

  test('of the author is not highlighted as the reader’s own', () => {
    expect(chipsIn(render('@Ann', undefined, 'ann', 'ann'))).toEqual([{ text: '@Ann', isOwn: false }]);
  });

  test('of two people with the same name is rendered once', () => {
    const mentions = [
      { user_id: 'x', at: 3, length: 4 },
      { user_id: 'ann', at: 3, length: 4 },
    ];
    expect(chipsIn(render('hi @Sam!', mentions))).toEqual([{ text: '@Sam', isOwn: true }]);
  });

  test('escapes the name', () => {
    expect(render('@a<c & @Ann', [{ user_id: 'x', at: 0, length: 4 }])).toContain(
      '<bdi class="mention">@a&lt;c</bdi> &amp;',
    );
  });

  test('with a wrong position or length breaks nothing', () => {
    const forged = [
      { user_id: 'ann', at: -1, length: 4 },
      { user_id: 'ann', at: 1, length: 4 },
      { user_id: 'ann', at: 3, length: 1e9 },
      { user_id: 'ann', at: Number.NaN, length: Number.NaN },
    ];
    expect(textsOf(render('hi @Ann, look', forged))).toEqual(['@Ann, look']);
  });
});

describe('for any text', () => {
  test('the highlighted mentions are those that chat stored, in the same order and spelling', () => {
    let seen = 0;
    fc.assert(
      fc.property(textWithMentions, (content) => {
        const mentions = mentionsIn(content);
        const places = [...new Map(mentions.map((mention) => [mention.at, mention])).values()];
        const expected = places.map(({ at, length }) => ({
          text: content.slice(at, at + length),
          isOwn: mentions.some((mention) => mention.at === at && mention.user_id === 'ann'),
        }));
        expect(chipsIn(render(content, mentions))).toEqual(expected);
        seen += expected.length;
      }),
      { numRuns: 1_000 },
    );
    // Guards against a generator that makes no mentions.
    expect(seen).toBeGreaterThan(300);
  });

  test('nothing in code, a link or a quote is highlighted', () => {
    fc.assert(
      fc.property(textWithMentions, (content) => {
        const markup = render(content);
        for (const { index } of markup.matchAll(CHIP))
          for (const tag of ['code', 'a', 'blockquote']) {
            const before = markup.slice(markup.indexOf('<div class="body">'), index);
            const opened = before.split(`<${tag} `).length + before.split(`<${tag}>`).length;
            expect(opened - 1).toBe(before.split(`</${tag}>`).length);
          }
      }),
      { numRuns: 500 },
    );
  });
});

test('people can be mentioned whatever keyboard character their name has', () => {
  for (let code = 0x21; code < 0x7f; code += 1) {
    const name = `a${String.fromCharCode(code)}b`;
    if ('@/\\'.includes(name[1] ?? '')) continue;
    const content = `hi @${name}, look`;
    expect(textsOf(render(content, mentionsIn(content, { id: name })))).toEqual([`@${name}`]);
  }
});
