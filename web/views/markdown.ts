/**
 * A message's text as markup. `marked` only finds the tokens; every token becomes markup here, by the escaping view engine, and what
 * isn't known here stays the text it was. HTML is off: a tag is text.
 */
import type { MarkedToken, Token } from 'marked';
import { highlight } from './highlight.ts';
import { type Html, html, joinHtml, nothing } from './html.ts';
import { createLexer } from './lexer.ts';

const MAX_NESTING = 12;
const MAX_CACHED_CHARACTERS = 400_000;
/** What the tokens of even the shortest text cost, in characters. */
const CACHE_OVERHEAD = 100;

/** Makes markup of a run of plain text, such as mentions. */
export type TextView = (text: string) => Html;

/** Only these may be followed from a message. A `javascript:` or `data:` address stays text. */
const SAFE_ADDRESS = /^(https?:\/\/|mailto:|\/(?!\/))/i;

/** Without one of these a text has no Markdown in it, which most messages don't. */
const MAY_BE_MARKDOWN =
  /[*_`~[\]>#|\\<]|https?:|www\.|@\S+\.|^\s*([-+]|\d+[.)])\s|\n\s*(-|=|\d)|^( {4}|\t)|\n( {4}|\t)/i;

const link = (href: string, label: Html): Html =>
  href.startsWith('/')
    ? html`<a href="${href}">${label}</a>`
    : html`<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;

const code = (text: string, info: string): Html => {
  const language = info.trim().split(/\s/)[0]?.toLowerCase() ?? '';
  return html`<pre class="code" dir="ltr" tabindex="0"><code>${highlight(text, language)}</code></pre>`;
};

const lines = (text: string, view: TextView): Html => {
  const [first = '', ...rest] = text.split('\n');
  return html`${view(first)}${rest.map((line) => html`<br>${view(line)}`)}`;
};

/** A block takes its direction from its own text; one within a list or a quote has the direction of the whole. */
const paragraph = (content: Html, depth = 0): Html =>
  depth === 0 ? html`<p dir="auto">${content}</p>` : html`<p>${content}</p>`;

const views = (view: TextView, depth: number) => {
  const within = (tokens: readonly Token[] | undefined): Html => renderTokens(tokens ?? [], view, depth + 1);
  const verbatim = ({ raw }: { raw: string }): Html => lines(raw.replace(/\n+$/, ''), view);
  const list = ({ ordered, start, items }: Extract<MarkedToken, { type: 'list' }>): Html => {
    const points = items.map((item) => html`<li>${within(item.tokens)}</li>`);
    const direction = depth === 0 && html` dir="auto"`;
    if (!ordered) return html`<ul${direction}>${points}</ul>`;
    const from = start !== 1 && start !== '' && html` start="${start}"`;
    return html`<ol${direction}${from}>${points}</ol>`;
  };
  return (token: MarkedToken): Html => {
    switch (token.type) {
      case 'space':
        return nothing;
      case 'br':
        return html`<br>`;
      case 'hr':
        return html`<hr>`;
      case 'code':
        return code(token.text, token.lang ?? '');
      case 'codespan':
        return html`<code dir="ltr">${token.text}</code>`;
      case 'strong':
        return html`<strong>${within(token.tokens)}</strong>`;
      case 'em':
        return html`<em>${within(token.tokens)}</em>`;
      case 'del':
        return html`<del>${within(token.tokens)}</del>`;
      case 'blockquote':
        return html`<blockquote${depth === 0 && html` dir="auto"`}>${within(token.tokens)}</blockquote>`;
      case 'list':
        return list(token);
      case 'heading':
        return paragraph(html`<strong>${within(token.tokens)}</strong>`, depth);
      case 'paragraph':
        return paragraph(within(token.tokens), depth);
      case 'text':
        return token.tokens ? within(token.tokens) : lines(token.text, view);
      case 'escape':
        return html`${token.text}`;
      case 'link':
        return SAFE_ADDRESS.test(token.href) ? link(token.href, within(token.tokens)) : verbatim(token);
      case 'image':
        return SAFE_ADDRESS.test(token.href) ? link(token.href, html`${token.text || token.href}`) : verbatim(token);
      case 'table':
      case 'def':
        return paragraph(verbatim(token), depth);
      default:
        return verbatim(token);
    }
  };
};

const renderTokens = (tokens: readonly Token[], view: TextView, depth: number): Html => {
  if (depth > MAX_NESTING) return html`${tokens.map(({ raw }) => raw)}`;
  const render = views(view, depth);
  return joinHtml((tokens as readonly MarkedToken[]).map(render));
};

/** Tokens cost far more than markup, and a page shows the same messages to everyone. The oldest go when it is full. */
const cache = new Map<string, readonly Token[]>();
let cachedCharacters = 0;

const tokensOf = (text: string): readonly Token[] => {
  const known = cache.get(text);
  if (known) return known;
  const tokens = createLexer().lex(text);
  cache.set(text, tokens);
  cachedCharacters += text.length + CACHE_OVERHEAD;
  for (const [oldest] of cache) {
    if (cachedCharacters <= MAX_CACHED_CHARACTERS) break;
    cache.delete(oldest);
    cachedCharacters -= oldest.length + CACHE_OVERHEAD;
  }
  return tokens;
};

/** Quote marks beyond the nesting that is shown are dropped: parsing time grows with the square of the depth. */
const shallow = (text: string): string => text.replace(/^((?:[ \t]*>){12})(?:[ \t]*>)+/gm, '$1');

/** @param view makes markup of plain runs; it must escape */
export const markdown = (text: string, view: TextView = (run) => html`${run}`): Html => {
  if (!MAY_BE_MARKDOWN.test(text)) return paragraph(lines(text, view));
  try {
    return renderTokens(tokensOf(shallow(text)), view, 0);
  } catch {
    // A text that the library can't take is still a text.
    return paragraph(lines(text, view));
  }
};
