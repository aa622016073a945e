import { expect, test } from 'bun:test';
import { findMentions, nameKey } from '@parley/chat/messages/mentions';
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

test('what is one’s own is what chat tells of, whatever stands around it', () => {
  const names = [
    'Ann',
    'Ann Lee',
    'Jean-Luc',
    'O’Brien',
    'J.R.',
    'Zoë',
    'Zoe\u0308',
    '李雷',
    'สมชาย',
    'नि',
    '😀',
    'İpek',
    'straße',
    'ﬁona',
  ];
  const around = [
    '@N',
    '@Ns',
    '@N\u0301',
    'x@N',
    '@@N',
    '(@N)',
    '@N.',
    '你好@N你好',
    '@N, @N',
    '@N-x',
    'é@N',
    '_@N_',
    '@N @other',
  ];
  for (const name of names)
    for (const written of [name, name.toUpperCase(), name.toLowerCase(), name.normalize('NFD')])
      for (const text of around.map((one) => one.replaceAll('N', written))) {
        const isTold = findMentions(text).some((keys) => keys.includes(nameKey(name)));
        expect([text, isMentioned(text, name)]).toEqual([text, isTold]);
      }
});

test('a letter keeps its marks', () => {
  expect(view('@नि!').text).toBe('<bdi class="mention">@नि</bdi>!');
});

test('no character that a keyboard has breaks the page of someone who has it in their name', () => {
  for (let code = 0x21; code < 0x7f; code += 1) {
    const name = `a${String.fromCharCode(code)}b`;
    expect(isMentioned(`hi @${name}, look`, name)).toBe(true);
  }
});
