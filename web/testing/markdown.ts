/** Generates messages in many scripts, with Markdown and with mentions of `people` in any place. */
import fc from 'fast-check';

/** Names by user id. Two people have the same name. */
export const people: Readonly<Record<string, string>> = {
  ...{ ann: 'Ann', 'ann-lee': 'Ann Lee', 'u-1': 'Sam', 'u-2': 'Sam', brian: 'O’Brien', luc: 'Jean-Luc', jr: 'J.R.' },
  ...{ snake: 'user_42', zoe: 'Zoë', lei: '李雷', minsu: '민수', himanshu: 'हिमांशु', ali: 'علي', somchai: 'สมชาย' },
  ...{ fox: '🦊', pilot: '👩\u200d🚀', nim: 'نیم\u200cفاصله', taro: 'タロウ', ivan: 'Ёлка' },
};

const spellings = fc.constantFrom<(name: string) => string>(
  (name) => name,
  (name) => name,
  (name) => name.toUpperCase(),
  (name) => name.normalize('NFD'),
  (name) => name.replace('’', "'"),
  (name) => name.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0)),
);

const mention = fc
  .tuple(fc.constantFrom('@', '@', '＠'), fc.constantFrom(...Object.values(people), ...Object.keys(people)), spellings)
  .map(([sign, name, spell]) => `${sign}${spell(name)}`);

const joints = [
  '',
  ' ',
  ' ',
  '\n',
  ', ',
  '(',
  ')',
  '님',
  'さん',
  '你好',
  '.',
  '!',
  '’s',
  'x',
  '_',
  '-',
  '\u0301',
  '/',
  '\\',
  '\r\n',
];
const words = [
  'hello',
  'so it is',
  'नमस्ते',
  'สวัสดี',
  '안녕',
  'سلام',
  '🙂',
  '3 < 4 & "x"',
  'mail me@a.example',
  'a|b',
  '\\|',
  '1.',
  '-',
];
const marks = ['*', '**', '_', '~~', '`', '``', '||', '[', '](', ')', '<', '>', '&amp;', '#', '\\'];
const around: readonly ((inner: string) => string)[] = [
  ...['*', '**', '_', '~~', '***', '||'].map((mark) => (inner: string) => `${mark}${inner}${mark}`),
  (inner) => `\`${inner}\``,
  (inner) => `[${inner}](https://a.example/@ann)`,
  (inner) => `![${inner}](/api/files/1)`,
  (inner) => `https://a.example/${inner}`,
  (inner) => `<https://a.example/${inner}>`,
  (inner) => `x${inner}`,
  (inner) => `\\${inner}`,
  (inner) => `<b title="${inner}">${inner}</b>`,
];

const piece: fc.Arbitrary<string> = fc.letrec<{ piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 3 },
    mention,
    fc.constantFrom(...words),
    fc.constantFrom(...joints),
    fc.constantFrom(...marks),
    fc.tuple(fc.constantFrom(...around), tie('piece')).map(([wrap, inner]) => wrap(inner)),
    fc.array(tie('piece'), { maxLength: 3 }).map((parts) => parts.join('')),
  ),
})).piece;

const line = fc
  .array(piece, { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(' ').replaceAll(/ ?(\w) ?/g, '$1'));

const prefixed = (prefix: string) => (text: string) => text.replaceAll(/^/gm, prefix);
const blocks = fc.constantFrom<(text: string) => string>(
  ...[
    (text: string) => text,
    (text: string) => text,
    prefixed('> '),
    prefixed('- '),
    prefixed('1. '),
    prefixed('    '),
  ],
  ...[prefixed('\t'), prefixed('> - '), prefixed('- > '), prefixed('- [ ] '), prefixed('  - '), prefixed('# ')],
  (text) => `\`\`\`js\n${text}\n\`\`\``,
  (text) => `~~~\n${text}`,
  (text) => `| a | ${text.replaceAll(/[\r\n]/g, ' ')} |\n|---|---|\n| ${text.replaceAll(/[\r\n]/g, ' ')} | b | c |`,
  (text) => `${text}\n===`,
  (text) => `<div>\n${text}\n</div>`,
  (text) => `[x]: https://a.example "${text}"`,
);

/** A message of a few blocks, with or without an empty line between them. */
export const textWithMentions: fc.Arbitrary<string> = fc
  .array(fc.tuple(line, blocks, fc.constantFrom('\n', '\n\n')), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([text, block, end]) => block(text) + end).join(''))
  .map((text) => text.trim());
