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
    ...[
      'C:\\*.txt',
      'C:\\_work',
      'C:\\*.txt and D:\\*.log',
      '*.ts to C:\\*.txt',
      'dir C:\\temp\\*.txt',
      '\\\\srv\\*\\_x',
    ],
    ...[
      '¯\\_(ツ)_/¯',
      '¯\\\\_(ツ)_/¯',
      'a\\*b\\*c',
      'x = \\*p; y = \\*q;',
      'snake\\_case\\_name',
      'see \\* there',
      'C:\\~tmp',
    ],
    ...['\\*', 'a \\* b', '\\~~a', '\\`single', 'C:\\dir*\\*'],
    ...['C:\\-x', '\\-5', '\\#hashtag', 'v1\\.2', '(1\\)', 'C:\\`x', '\\+x', 'C:\\{a}\\[b]\\!c', '1986\\. A year'],
    'x\\.y and 3\\)',
    '[x]: y',
    'a | b\nc | d',
    '|| or ||',
    'a || b || c',
    'for (;;) { a[i] = b || c; }',
    'snake_case_name and 5 * 3 * 2',
    '2*3*4 = 24 and 2**10, 3**2',
    ...['&#42;x&#42; &#65; &amp; &copy;', '<b title="*">x</b>', '- a\n- <div>', 'x\n<div>\ny'],
    ...['a*b*c', 'x**2 + y**2', 'a*b*c and d*', '*p = x*y', 'f(**kwargs, x**2)', 'Größe*Länge*2', 'pre*fix*'],
    ...['src/**/*.ts', 'a/**/b/**/c', 'src/*.ts lib/*.ts', '$HOME/*/bin/*', '**/node_modules/**', '*.ts,*.js'],
    ...['/* one */ x /* two */', '/*one*/ /**two**/', '*/5 * * * *', '*.ts in lib/*', '**/*.ts in lib/**'],
    ...[
      '__init__',
      'def __init__(self):',
      'a/__tests__/b and __init__.py',
      '__FILE__:__LINE__',
      '__dirname',
      '__a__b__',
    ],
    ...['x||y||z', 'if (a()||b||c[0])', '"a"||b||"c"', "first||' '||last", 'x[1]||y||z', 'f()||y||'],
    '٢*٣*٤',
    '$ ls *.ts *.js',
    '\\d+\\s*\\w',
  ])('%j is shown as it was written', (text) => {
    expect(shown(text)).toBe(text);
  });

  test('escapes of what marks something work', () => {
    expect(shown('\\*a\\* \\_b\\_ \\`c\\` \\~~d~~')).toBe('*a* _b_ `c` ~~d~~');
    expect(shown('\\*\\*a b\\*\\*, "\\*c\\*" (\\_d\\_) \\***e**')).toBe('**a b**, "*c*" (_d_) *e');
    expect(shown('日\\*本\\*語 \\~~旧\\~~新 \\*two\nlines\\*')).toBe('日*本*語 ~~旧~~新 *two\nlines*');
    expect(shown('\\- a\n\\* b\n\\+ c\n1\\) d')).toBe('- a\n* b\n+ c\n1) d');
    expect(shown('\\# no heading\n\n1\\. no list\n\n\\> no quote')).toBe('# no heading\n1. no list\n> no quote');
    expect(shown('\\[a](https://a.example)')).toBe('[a](https://a.example)');
  });

  test.each([
    ...['**word**', 'a **few words** here', '**Bold**s', 'x**7**', '__some words__', '__Bold__', '_word_', '*word*,'],
    ...['(**word**)', '"*word*"', '**Yes**/**No**', '**/etc/hosts** is', '**src/lib/**', '***both***', '**a *b* c**'],
    ...['日**本**語', '日*本*語', 'ภาษา**ไทย**ดี', '한국어**강조**를', '~~old~~new'],
  ])('%s is emphasized', (text) => {
    expect(shown(text)).toBe(text.replaceAll(/[*~]|\b_+|_+\b/g, ''));
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
    ...[
      '।',
      '॥',
      '।।',
      '؟',
      '،',
      '۔',
      '።',
      '។',
      '။',
      '᠃',
      '»',
      '».',
      '.»',
      '।)',
      '·',
      ' – so',
      '՞',
      '𑁇',
      '꓿',
      '⸮',
      '‼',
    ].map((end): [string, string] => [`https://example.org/a${end}`, 'https://example.org/a']),
    ...['।', '؟', '።', '»', '।और', '׃'].map((end): [string, string] => [
      `www.example.org${end}`,
      'http://www.example.org/',
    ]),
    ['https://example.org।और', 'https://example.org/'],
    ['https://example.org/a,b।c?d=؟e', 'https://example.org/a,b%E0%A5%A4c?d=%D8%9Fe'],
    ['https://example.org/वि', 'https://example.org/%E0%A4%B5%E0%A4%BF'],
    ['https://example.org/a_(b)।', 'https://example.org/a_(b)'],
    ['https://l·l.example/a', 'https://xn--ll-0ea.example/a'],
  ])('in %j the address ends where the sentence goes on', (text, href) => {
    expect(render(text)).toContain(`href="${href}"`);
  });

  test.each([
    ...['**注意：**正文', '正文**「注意」**正文', '**（注）**です', '**重要。**次', '*注：*文', '~~旧：~~新'],
    ...[
      '**「重要」**です',
      'これは**重要（注）**です',
      '这是**"重要"**的',
      '这是**“重要”**的',
      '이것은**(강조)**입니다',
    ],
    ...[
      'これは**重要(注)**です',
      '**この文(this?)**残念',
      '正文**[注]**正文',
      '旧~~(新)~~旧',
      '文**🙂**文',
      '**マーク(Mark)**를',
    ],
  ])('%s is emphasized beside its punctuation', (text) => {
    expect(render(text)).toMatch(/<(strong|em|del)>/);
    expect(shown(text)).toBe(text.replaceAll(/[*~]/g, ''));
  });

  test('code is emphasized beside a word of a script without spaces', () => {
    expect(render('この**`code`**は')).toContain('この<strong><code dir="ltr">code</code></strong>は');
  });
});

describe('what a block is marked by', () => {
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

  test('is no text by itself, nor read out but for a number', () => {
    for (const text of ['- \n- ', '# ', '1. ']) expect(shown(text)).toBe(text.trimEnd());
    expect(render('- a\n# b\n\n***\n1. c').match(/aria-hidden/g)).toHaveLength(3);
    expect(render('- ```\n  code\n  ```')).not.toContain('mark');
  });
});

describe('a line belongs to what it is marked as', () => {
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

  test('what is indented is a part of the item', () => {
    expect(render('- a\n  b\n\n  c\n- d').match(/<ul/g)).toHaveLength(1);
    expect(render('- a\n  - b\n- c')).toContain('<ul>');
  });

  test.each(['1986. A great year', '1986. A year\n1987. Another', '2024) x'])('%j is no list', (text) => {
    expect(shown(text)).toBe(text);
    expect(render('999. a')).toContain('<ol');
  });
});

describe('what documents have', () => {
  test.each(['| a | b |\n|--|--|\n| 1 | 2 | 3 |', 'a | b\n--|--\n1 | 2 | 3\n4 | 5', '| a |\n|--|\n| 1 |\n| ls | wc |'])(
    'a table whose row has more cells than its head is text: %j',
    (text) => {
      expect(shown(text)).toBe(text);
      expect(render('| a | b |\n|--|--|\n| 1 \\| 2 | 3 | |')).toContain('1 | 2</td>');
    },
  );

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
    for (const text of ['犯人は||執事||です', '||執事||', '(||x||)', '"||x||"', '||x||, so', '**||x||**', 'a ||x|| b'])
      expect(render(text)).toContain('class="spoiler"');
    for (const text of ['|| a ||', '||||', '||a', 'a || b', '||a\nb||', '`||a||`'])
      expect(render(text)).not.toContain('spoiler');
  });
});
