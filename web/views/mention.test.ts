import { expect, test } from 'bun:test';
import { mentionView } from './mention.ts';

const view = mentionView('Ada Lovelace');
const isMentioned = (text: string, name: string): boolean =>
  mentionView(name)(text).text.includes('<bdi class="mention own">');

test('a mention is marked, one’s own more, spaces and all', () => {
  expect(view('hi @bob').text).toBe('hi <bdi class="mention">@bob</bdi>');
  expect(view('@ada lovelace, look').text).toBe('<bdi class="mention own">@ada lovelace</bdi>, look');
});

test('an address, or a sign within a word, is none', () => {
  for (const text of ['ada@example.com', 'a@b', '@', '@@bob x', '@ bob'])
    expect(view(text).text).not.toContain('<bdi class="mention">@b');
  expect(isMentioned('mail@Ada Lovelace', 'Ada Lovelace')).toBe(false);
  expect(isMentioned('@Ada Lovelaces', 'Ada Lovelace')).toBe(false);
  expect(isMentioned('(@ADA LOVELACE)', 'Ada Lovelace')).toBe(true);
});

test('a name may have any script, and signs that patterns know', () => {
  expect(isMentioned('привет @Настя!', 'Настя')).toBe(true);
  expect(isMentioned('@c++ yes', 'c++')).toBe(true);
  expect(mentionView('<b>')('@<b>').text).toBe('<bdi class="mention own">@&lt;b&gt;</bdi>');
});

test('no character that a keyboard has breaks the page of someone who has it in their name', () => {
  for (let code = 0x21; code < 0x7f; code += 1) {
    const name = `a${String.fromCharCode(code)}b`;
    expect(isMentioned(`hi @${name}, look`, name)).toBe(true);
  }
});
