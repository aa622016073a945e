import { describe, expect, test } from 'bun:test';
import { shownText } from '../testing/shown.ts';
import { markdown } from './markdown.ts';

const render = (text: string): string => markdown(text).text;
const shown = (text: string): string => shownText(markdown(text));

describe('what people paste', () => {
  test.each([
    '\\\\host\\share',
    'C:\\new_dir\\_build\\x',
    '1~2, 3~4',
    'question:\n-',
    'a:\n  b: 1\n    c: 2',
    '    indented\n      more',
    '#',
    '##',
    '***',
    '---',
    '>',
    '<div> is a tag',
    '</b> & <!-- no comment -->',
    'a \\# b \\> c',
    'x\\.y and 3\\)',
    '[x]: y',
    'a | b\nc | d',
    '|| or ||',
    'a || b || c',
    'for (;;) { a[i] = b || c; }',
    'snake_case_name and 5 * 3 * 2',
    '2*3*4 = 24 and 2**10, 3**2',
    '٢*٣*٤',
    '$ ls *.ts *.js',
    '\\d+\\s*\\w',
  ])('%j is shown as it was written', (text) => {
    expect(shown(text)).toBe(text);
  });

  test('escapes of what marks something work', () => {
    expect(shown('\\*a\\* \\_b\\_ \\`c\\` \\~~d~~')).toBe('*a* _b_ `c` ~~d~~');
    expect(shown('\\# no heading\n\n1\\. no list\n\n\\> no quote')).toBe('# no heading\n1. no list\n> no quote');
    expect(shown('\\[a](https://a.example)')).toBe('[a](https://a.example)');
  });

  test('emphasis beside a digit works', () => {
    expect(render('**5** *6* x**7**')).toContain('<strong>5</strong> <em>6</em> x<strong>7</strong>');
  });

  test('a text in markup keeps its marks and links', () => {
    const markup = render('<div> **x** https://example.org');
    expect(markup).toStartWith('<p');
    expect(markup).toContain('&lt;div&gt; <strong>x</strong>');
    expect(markup).toContain('href="https://example.org/"');
  });

  test.each([
    ['https://example.org/a。谢谢', 'https://example.org/a'],
    ['见 https://example.org/a，然后', 'https://example.org/a'],
    ['（https://example.org/a）', 'https://example.org/a'],
    ['www.example.org」と', 'http://www.example.org/'],
    ['https://example.org/路径/x？', 'https://example.org/%E8%B7%AF%E5%BE%84/x'],
    ['https://example.org/a…', 'https://example.org/a'],
  ])('in %j the address ends where the sentence goes on', (text, href) => {
    expect(render(text)).toContain(`href="${href}"`);
  });

  test.each(['**注意：**正文', '正文**「注意」**正文', '**（注）**です', '**重要。**次', '*注：*文', '~~旧：~~新'])(
    '%s is emphasized',
    (text) => {
      expect(render(text)).toMatch(/<(strong|em|del)>/);
      expect(shown(text)).toBe(text.replaceAll(/[*~]/g, ''));
    },
  );
});

describe('what documents have', () => {
  test('a table, with marks in its cells and columns aligned', () => {
    const markup = render('| a | b |\n|:-:|--:|\n| **c** | `d` |');
    expect(markup).toContain('<th scope="col" dir="auto" class="center">a</th>');
    expect(markup).toContain('<td dir="auto" class="center"><strong>c</strong></td>');
    expect(markup).toContain('<td dir="auto" class="right"><code dir="ltr">d</code></td>');
  });

  test('of a table with too many cells its text', () => {
    const row = `${'|a'.repeat(30)}|\n`;
    expect(render(`${row}${'|-'.repeat(30)}|\n${row.repeat(40)}`)).not.toContain('<table>');
  });

  test('tasks, done and to do', () => {
    const markup = render('- [x] done\n- [ ] to do');
    expect(markup.match(/<li class="task">/g)).toHaveLength(2);
    expect(markup).toContain('disabled checked aria-label="Done"> done');
  });

  test('spoilers, hidden until a reader asks, within a line and without a space at their ends', () => {
    expect(render('it was ||**the** butler||!')).toContain(
      'it was <label class="spoiler"><input type="checkbox" class="visually-hidden" aria-label="Show spoiler"><span><strong>the</strong> butler</span></label>!',
    );
    for (const text of ['|| a ||', '||||', '||a', 'a || b', '||a\nb||', '`||a||`'])
      expect(render(text)).not.toContain('spoiler');
  });
});
