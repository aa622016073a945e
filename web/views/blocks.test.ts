import { describe, expect, test } from 'bun:test';
import { shownText } from '../testing/shown.ts';
import { markdown } from './markdown.ts';

const render = (text: string): string => markdown(text).text;
const shown = (text: string): string => shownText(markdown(text));

describe('the Markdown signs of a block', () => {
  test.each([
    '1) a\n2) b',
    '1. a\n3. c',
    '1. a\n1. b',
    '0. a\n007. b',
    '10. a\n11. b\nand so on',
    '- old\n+ new',
    '- a\n- b\n* c',
    '# comment',
    '## b ##',
    '# install\nnpm i',
    '- [ ] to do\n- [x] done',
    '- a  b',
    '- # a',
    'a\n\n---\nb',
  ])('is a part of the text: %j', (text) => {
    expect(shown(text)).toBe(text.replace('\n\n', '\n'));
  });

  test('are no text of their own, and only numbers are read out', () => {
    for (const text of ['- \n- ', '# ', '1. ']) expect(shown(text)).toBe(text.trimEnd());
    expect(render('- a\n# b\n\n***\n1. c').match(/aria-hidden/g)).toHaveLength(3);
    expect(render('- ```\n  code\n  ```')).not.toContain('mark');
  });
});

describe('indentation', () => {
  test.each([
    '- name: x\n  run: y\n- name: z',
    'a:\n  - b\n  - c:\n    - d\n    - e: f\n      g: h',
    '- a\n  - b\n    - c\n- d',
    '1. a\n   1. b\n   2. c\n      more\n2. d',
    '/**\n * one\n * two\n */',
    '-   a\n    b',
    '-\ta\n- b',
    '1.  a\n2.  b',
    '- [ ] a\n  - [x] b',
    '- a\n b',
    '- a\n\n  b\n  c',
  ])('is copied with them: %j', (text) => expect(shown(text)).toBe(text.replaceAll('\n\n', '\n')));

  test('is hidden from screen readers, and kept only in lists', () => {
    expect(render('- **a\n  b**')).toContain('a<br><span class="indent">  </span>b</strong>');
    expect(render('- a\n  b')).toContain('<br><span class="indent">  </span>b');
    expect(render('- > a\n  > b')).not.toContain('indent');
    expect(render('> a\n> b\n\nc\n  d')).not.toContain('indent');
  });
});

describe('a line belongs to the block of its sign', () => {
  test.each([
    ['> quote\nanswer', '<blockquote dir="auto"><p>quote</p></blockquote><p dir="auto">answer</p>'],
    ['> a\n> b\nc', '<blockquote dir="auto"><p>a<br>b</p></blockquote><p dir="auto">c</p>'],
    ['> > a\n> b', '<blockquote dir="auto"><blockquote><p>a</p></blockquote><p>b</p></blockquote>'],
  ])('%j: one without a mark ends the quote', (text, markup) => expect(render(text)).toBe(markup));

  test.each([
    '> - x\ny',
    '- a\ny',
    '- a\n  b\n- c\ny',
    '1) a\ny',
    '> ```\n> x\n> ```\ny',
    '- [ ] a\ny',
    '- a\n\n  b\ny',
  ])('%j: the last line is no part of the block', (text) => expect(render(text)).toEndWith('<p dir="auto">y</p>'));

  test('an indented line belongs to the item', () => {
    expect(render('- a\n  b\n\n  c\n- d').match(/<ul/g)).toHaveLength(1);
    expect(render('- a\n  - b\n- c')).toContain('<ul>');
  });

  test.each(['1986. A great year', '1986. A year\n1987. Another', '2024) x'])('%j is no list', (text) => {
    expect(shown(text)).toBe(text);
    expect(render('999. a')).toContain('<ol');
  });
});

describe('blocks of documents', () => {
  test.each(['| a | b |\n|--|--|\n| 1 | 2 | 3 |', 'a | b\n--|--\n1 | 2 | 3\n4 | 5', '| a |\n|--|\n| 1 |\n| ls | wc |'])(
    'a table whose row has more cells than its head is text: %j',
    (text) => {
      expect(shown(text)).toBe(text);
      expect(render('| a | b |\n|--|--|\n| 1 \\| 2 | 3 | |')).toContain('1 | 2</td>');
    },
  );

  test.each([
    'see:\n| a | b |\n|--|--|\n| 1 | 2 | 3 |',
    'see:\n| a | b |\n|--|--|\n| 1 | 2 | 3 |\nand so on',
    '- see:\n  | a | b |\n  |--|--|\n  | 1 | 2 | 3 |',
    `see:\n${'|a'.repeat(30)}|\n${'|-'.repeat(30)}|\n${`${'|b'.repeat(30)}|\n`.repeat(40)}end`,
  ])('nothing is lost of a table that is text behind a text: %j', (text) =>
    expect(shown(text).replaceAll(/^ +/gm, '')).toBe(text.replaceAll(/^ +/gm, '')),
  );

  test('a table, with Markdown in its cells and aligned columns', () => {
    const markup = render('| a | b |\n|:-:|--:|\n| **c** | `d` |');
    expect(markup).toContain('<th scope="col" dir="auto" class="center">a</th>');
    expect(markup).toContain('<td dir="auto" class="center"><strong>c</strong></td>');
    expect(markup).toContain('<td dir="auto" class="right"><code dir="ltr">d</code></td>');
  });

  test('a table with too many cells in a row is text', () => {
    const row = `${'|a'.repeat(30)}|\n`;
    expect(render(`${row}${'|-'.repeat(30)}|\n${row.repeat(40)}`)).not.toContain('<table>');
  });

  test('tasks, done and to do', () => {
    const markup = render('- [x] done\n- [ ] to do');
    expect(markup.match(/<li class="task">/g)).toHaveLength(2);
    expect(markup).toContain('disabled checked aria-label="Done"> done');
  });

  test('spoilers are hidden until clicked, within one line and without a space at their ends', () => {
    expect(render('it was ||**the** butler||!')).toContain(
      'it was <label class="spoiler"><input type="checkbox" class="visually-hidden" aria-label="Show spoiler"><span><strong>the</strong> butler</span></label>!',
    );
    for (const text of ['犯人は||執事||です', '||執事||', '(||x||)', '"||x||"', '||x||, so', '**||x||**', 'a ||x|| b'])
      expect(render(text)).toContain('class="spoiler"');
    for (const text of ['|| a ||', '||||', '||a', 'a || b', '||a\nb||', '`||a||`'])
      expect(render(text)).not.toContain('spoiler');
  });
});
