/**
 * A message's text as markup. `marked` only finds the tokens; every token becomes markup here, by the escaping view engine, and what
 * isn't known here stays the text it was. HTML is off: a tag is text.
 */
import { MAX_NESTING, tokensOf } from '@parley/chat/markup/lexer';
import type { MarkedToken, Token } from 'marked';
import { highlight } from './highlight.ts';
import { type Html, html, joinHtml, nothing } from './html.ts';

/** Makes markup of the text that a token shows; it must escape. */
export type TextView = (text: string, token: Token) => Html;
/** Makes a view of the texts in these tokens. */
export type TextsView = (tokens: readonly Token[]) => TextView;

/** Only these may be followed from a message. A `javascript:` or `data:` address stays text. */
const SAFE_ADDRESS = /^(https?:\/\/|mailto:|\/(?!\/))/i;

const link = (href: string, label: Html): Html =>
  href.startsWith('/')
    ? html`<a href="${href}">${label}</a>`
    : html`<a href="${href}" target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;

const code = (text: string, info: string): Html => {
  const language = info.trim().split(/\s/)[0]?.toLowerCase() ?? '';
  return html`<pre class="code" dir="ltr" tabindex="0"><code>${highlight(text, language)}</code></pre>`;
};

/** Text as it is, with its line breaks. */
export const textView = (text: string): Html => {
  const [first = '', ...rest] = text.split('\n');
  return html`${first}${rest.map((line) => html`<br>${line}`)}`;
};

/** A block takes its direction from its own text; one within a list or a quote has the direction of the whole. */
const paragraph = (content: Html, depth = 0): Html =>
  depth === 0 ? html`<p dir="auto">${content}</p>` : html`<p>${content}</p>`;

const views = (view: TextView, depth: number) => {
  const within = (tokens: readonly Token[] | undefined): Html => renderTokens(tokens ?? [], view, depth + 1);
  const verbatim = (token: Token): Html => view(token.raw.replace(/\n+$/, ''), token);
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
        return token.tokens ? within(token.tokens) : view(token.text, token);
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

export const markdown = (text: string, viewOf: TextsView = () => textView): Html => {
  const tokens = tokensOf(text);
  return renderTokens(tokens, viewOf(tokens), 0);
};
