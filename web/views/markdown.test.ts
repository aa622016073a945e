import { heapStats } from 'bun:jsc';
import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { shownText } from '../testing/shown.ts';
import { markdown } from './markdown.ts';

const render = (text: string): string => markdown(text).text;
const shown = (text: string): string => shownText(markdown(text));

describe('a message’s Markdown', () => {
  test('renders emphasis, code, links, quotes and lists', () => {
    expect(render('**b** _i_ `c` ~~d~~')).toBe(
      '<p dir="auto"><strong>b</strong> <em>i</em> <code dir="ltr">c</code> <del>d</del></p>',
    );
    expect(render('> q')).toBe('<blockquote dir="auto"><p>q</p></blockquote>');
    expect(render('- a\n- b')).toBe(
      `<ul dir="auto">${['a', 'b'].map((text) => `<li><span class="mark" aria-hidden="true">- </span>${text}</li>`).join('')}</ul>`,
    );
    expect(render('3. a')).toBe('<ol dir="auto" start="3"><li><span class="mark">3. </span>a</li></ol>');
  });

  test('keeps every line break, and text without Markdown as it is', () => {
    expect(render('one\ntwo')).toBe('<p dir="auto">one<br>two</p>');
    expect(render('**one**\ntwo')).toBe('<p dir="auto"><strong>one</strong><br>two</p>');
    expect(render('5 < 6 && 7 > 4')).toContain('5 &lt; 6 &amp;&amp; 7 &gt; 4');
    expect(render('snake_case_name and 2*3*4')).toContain('snake_case_name');
  });

  test('makes addresses links that send no referrer', () => {
    for (const text of ['https://example.com/a?b=c', '[x](https://example.com/a?b=c)'])
      expect(render(text)).toContain(
        '<a href="https://example.com/a?b=c" target="_blank" rel="noopener noreferrer nofollow">',
      );
    expect(render('[here](/rooms/general/7)')).toContain('<a href="/rooms/general/7">here</a>');
  });

  test('highlights fenced code, and renders no Markdown in it', () => {
    const markup = render('```ts\nconst a = "<b>"; // **no**\n```');
    expect(markup).toContain('<span class="hl-keyword">const</span>');
    expect(markup).toContain('<span class="hl-string">&quot;&lt;b&gt;&quot;</span>');
    expect(markup).toContain('<span class="hl-comment">// **no**</span>');
    expect(render('```py\n# note\n```')).toContain('<span class="hl-comment"># note</span>');
    expect(render('```\nplain\n```')).toContain('plain');
  });

  test('shows HTML and dangerous addresses as text', () => {
    for (const text of [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      'a <b onclick="x">b</b>',
      '[a](javascript:alert(1))',
      '[a](data:text/html,x)',
      '[a](vbscript:x)',
      '![a](javascript:x)',
      '[a](//evil.example)',
      '<javascript:alert(1)>',
    ]) {
      const markup = render(text);
      expect(markup).not.toMatch(/<(script|img|b[ >])/);
      expect(markup).not.toContain('href');
    }
  });

  test('loses no text that Markdown would hide', () => {
    expect(shown('[foo]: http://example.com "bar"')).toBe('[foo]: http://example.com "bar"');
    expect(shown('[foo]: http://a.example\n\n[foo]: http://b.example')).toContain('[foo]: http://b.example');
    expect(render('# Title')).toContain('<strong>Title</strong>');
  });

  const piece = fc.constantFrom(
    ...[
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '```\n',
      '\n',
      '[',
      '](',
      ')',
      '!',
      '*',
      '_',
      '~~',
      '> ',
      '- ',
      '1. ',
      '\\',
      '#',
      ' ',
    ],
    ...[
      'javascript:x',
      'https://a.b',
      '<img src=x onerror=y>',
      '<script>',
      '</p>',
      'text',
      '@ann',
      '|',
      '<!--',
      'é',
      '🙂',
    ],
  );

  test('renders only known tags with known attributes, whatever the text is', () => {
    const tag =
      /<(\/?(p|strong|em|del|ul|li|blockquote|code|table|thead|tbody|tr|th|td|div|label)|br|div class="rule" role="separator"|span class="mark"( aria-hidden="true")?|span class="indent"|ul( dir="auto")? class="plus"|ol( dir="auto")?( start="\d+")?|\/ol|(p|ul|blockquote) dir="auto"|code dir="ltr"|pre class="code" dir="ltr" tabindex="0"|\/pre|span( class="hl-\w+")?|\/span|bdi class="host"|\/bdi|a href="(https?:|mailto:|\/)[^"<>]*"( target="_blank" rel="noopener noreferrer nofollow")?|\/a|li class="task"|input type="checkbox" disabled( checked)? aria-label="(Done|To do)"|div class="table" tabindex="0" role="region" aria-label="Table"|th scope="col" dir="auto"( class="(center|right)")?|td dir="auto"( class="(center|right)")?|label class="spoiler"|input type="checkbox" class="visually-hidden" aria-label="Show spoiler")>/g;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(render(pieces.join('')).replace(tag, '')).not.toMatch(/[<>]/);
      }),
      { numRuns: 500 },
    );
  });

  test('renders as much emphasis as people write; beyond the budget, unclosed marks stay text', () => {
    const words = '**bold** and plain '.repeat(400);
    expect(render(words).match(/<strong>/g)).toHaveLength(400);
    expect(render(`${'*a_**'.repeat(10)} ~~late~~`)).toContain('<del>late</del>');
    expect(render(`${'*a_**'.repeat(1_500)} ~~late~~`)).toContain('~~late~~');
  });

  /** The least processor time of three runs, each with a text that isn't cached. */
  let asked = 1_000;
  const costOf = (text: string): number => {
    const costs = [1, 2, 3].map(() => {
      asked += 1;
      const before = process.cpuUsage();
      render(text.slice(0, -4) + asked);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...costs);
  };

  test('the most expensive text costs no more than a few ordinary messages', () => {
    const written =
      'A **bold** word, `code`, [a link](https://a.example/b) and *more*: @ann, see https://b.example\n'.repeat(84);
    costOf(written);
    const usual = costOf(written);
    const units = [
      '>',
      '[',
      '*a ',
      '_a',
      '` ``',
      '- ',
      '1. ',
      '[a](',
      '![a](',
      '<a ',
      '|a',
      '**a*',
      '<!--',
      'a@',
      '\\',
      '> - ',
      '>***a',
      '*a_**',
      '_a[',
      '[\\**',
      '[!\\',
      '[^a]',
      '1.\\',
      '**注：',
      '“*',
      '~*_',
      '*a_b*c_',
      'a*',
      '_*',
      '||a',
      '||a|| ',
      '|a|\n|-|\n',
      'a_',
      '![](',
      'a\n',
      '> |a|b|\n> |-|-|\n',
      '"*" ',
      ').*a.*',
      '*.',
      '- a\n  b\n',
      '>_<\n',
    ];
    for (const unit of units) {
      const cost = costOf(`*${unit.repeat(Math.ceil(8_000 / unit.length))}`.slice(0, 8_000));
      expect({ unit, isBounded: cost < 15 * usual }).toEqual({ unit, isBounded: true });
    }
  });

  test('empty lines, long marks of code and tables within quotes cost no more than texts that people write', () => {
    const usual = costOf('A **bold** word, `code` and [a link](https://a.example/b)\n'.repeat(140));
    const marks = '`'.repeat(3_900);
    const texts = [
      `a${'\n'.repeat(7_990)}b1234`,
      `a${'\n '.repeat(3_990)}b1234`,
      `a${'\n\t\u00a0'.repeat(2_600)}b1234`,
      `[${marks}](https://a.example) [${marks}](https://a.example) 1234`,
      `${marks} a ${'`'.repeat(3_800)} 1234`,
      `${'> |a|b|\n> |-|-|\n'.repeat(440)}1234`,
      `${'- |a|b|\n  |-|-|\n'.repeat(440)}1234`,
    ];
    for (const text of texts) {
      const cost = costOf(text);
      expect({ text: text.slice(0, 20), isBounded: cost < 10 * usual }).toEqual({
        text: text.slice(0, 20),
        isBounded: true,
      });
    }
  });

  test('the cache is bounded by size, not only by the number of texts', () => {
    Bun.gc(true);
    const before = heapStats().objectCount;
    for (let index = 0; index < 30_000; index += 1) render(`*${index}*`);
    Bun.gc(true);
    expect(heapStats().objectCount - before).toBeLessThan(60_000);
  });

  test('a list as long as a message may be is rendered; a line of signs makes no heading', () => {
    expect(render(`- a\n${'b\n'.repeat(3_900)}`)).toContain('b');
    expect(shown('Title\n===')).toBe('Title\n===');
    expect(shown('question:\n-')).toBe('question:\n-');
    expect(render('- point\n  ===')).not.toContain('<strong>');
  });
});
