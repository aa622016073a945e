import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { appendToLast, Html, html, joinHtml } from './html.ts';

test('text is escaped, markup is not', () => {
  const evil = `<b a='1' c="2">&`;
  expect(html`<p title="${evil}">${evil}${html`<i>${'<'}</i>`}</p>`.text).toBe(
    '<p title="&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;">&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;<i>&lt;</i></p>',
  );
});

test('absent values render as nothing, lists are joined, numbers are printed', () => {
  expect(html`[${null}${undefined}${false}${[1, 'a', [html`<br>`]]}${0}]`.text).toBe('[1a<br>0]');
  expect(joinHtml([html`<i></i>`, html`<b></b>`], ', ').text).toBe('<i></i>, <b></b>');
});

test('appended markup goes into the last paragraph, or after any other element', () => {
  const more = html` <i>more</i>`;
  expect(appendToLast(html`<p>a</p><p>b</p>`, more).text).toBe('<p>a</p><p>b <i>more</i></p>');
  expect(appendToLast(html`<p>a</p><pre>b</pre>`, more).text).toBe('<p>a</p><pre>b</pre> <i>more</i>');
});

test('no text opens a tag or leaves its attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { text: markup } = html`<p title="${text}">${text}</p>`;
      expect(markup.match(/[<>]/g)).toHaveLength(4);
      expect(markup.match(/"/g)).toHaveLength(2);
    }),
  );
});

test('an object that only has the shape of markup is not trusted', () => {
  const forged = JSON.parse('{"text":"<script>"}') as Html;
  expect(forged).not.toBeInstanceOf(Html);
  expect(() => html`${forged}`).toThrow();
});
