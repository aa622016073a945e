/**
 * Renders a message's Markdown. `marked` only splits the text into tokens. Each token is rendered here by the escaping view engine; a token
 * of an unknown type is shown as its source text. HTML in a message is text.
 */
import { asPlain, MAX_NESTING, tokensOf } from '@parley/chat/markup/lexer';
import { isBlank } from '@parley/kit/text/blank';
import type { MarkedToken, Token, Tokens } from 'marked';
import { addressOf, truthBeside } from './address.ts';
import {
  checkbox,
  code,
  heading,
  indent,
  list,
  MARK,
  paragraph,
  quote,
  rule,
  spoiler,
  table,
  type Within,
} from './blocks.ts';
import { type Html, html, joinHtml, nothing } from './html.ts';

/** Renders the plain text of a token. It must escape. */
export type TextView = (text: string, token: Token) => Html;
/** Creates the view of a message's plain texts, given all of its tokens. */
export type TextsView = (tokens: readonly Token[]) => TextView;

const TAG = /<[^>]*>/g;

/** @returns undefined when the address must not become a link */
const link = (given: string, label: Html): Html | undefined => {
  const address = addressOf(given);
  if (!address) return undefined;
  const { href, host } = address;
  const truth = truthBeside(label.text.replace(TAG, ''), address);
  const elsewhere = host !== undefined && html` target="_blank" rel="noopener noreferrer nofollow"`;
  return html`<a href="${href}"${elsewhere}>${label}</a>${truth !== undefined && html` <bdi class="host">(${truth})</bdi>`}`;
};

/** Unformatted text with its line breaks. */
export const textView = (text: string): Html => {
  const [first = '', ...rest] = text.split('\n');
  return html`${first}${rest.map((line) => html`<br>${line}`)}`;
};

/** Elements that are visible without text. */
const SHOWN_ALONE = /<(div class="rule"|input)/;

const showsNothing = ({ text }: Html): boolean =>
  !SHOWN_ALONE.test(text) && isBlank(text.replace(MARK, '').replace(TAG, ''));

/** Creates the renderer of tokens at a depth. @param indentation that the lexer removed from each line but the first */
const views = (view: TextView, depth: number, indentation: string) => {
  const within: Within = (tokens, further = '') => renderTokens(tokens ?? [], view, depth + 1, indentation + further);
  const verbatim = (token: Token): Html => view(token.raw.replace(/\n+$/, ''), token);
  /** A block that has Markdown signs but no content is shown as its source text. */
  const unlessEmpty = (token: Token, content: Html, block: (content: Html) => Html): Html =>
    showsNothing(content) ? paragraph(verbatim(token), depth) : block(content);
  return (token: MarkedToken | Tokens.Generic, isFirst: boolean): Html => {
    const { tokens, text = '', href = '' } = token as Tokens.Generic;
    switch (token.type) {
      case 'space':
        return nothing;
      case 'br':
        return html`<br>${indent(indentation)}`;
      case 'hr':
        return rule(token as Tokens.Hr);
      case 'code':
        return code(token as Tokens.Code);
      case 'codespan':
        return html`<code dir="ltr">${text}</code>`;
      case 'strong':
        return html`<strong>${within(tokens)}</strong>`;
      case 'em':
        return html`<em>${within(tokens)}</em>`;
      case 'del':
        return html`<del>${within(tokens)}</del>`;
      case 'spoiler':
        return spoiler(within(tokens));
      case 'blockquote':
        return unlessEmpty(token, renderTokens(tokens ?? [], view, depth + 1), (content) => quote(content, depth));
      case 'list':
        return list(token as Tokens.List, depth, within, indentation, isFirst);
      case 'checkbox':
        return checkbox(token as Tokens.Checkbox);
      case 'table':
        return table(token as Tokens.Table, within);
      case 'heading':
        return unlessEmpty(token, within(tokens), (content) => heading(token as Tokens.Heading, content, depth));
      case 'paragraph':
        return paragraph(html`${!isFirst && indent(indentation)}${within(tokens)}`, depth);
      case 'text':
        return tokens ? within(tokens) : view(text, token);
      case 'escape':
        return html`${text}`;
      case 'link':
        return link(href, within(tokens)) ?? verbatim(token);
      case 'image':
        return link(href, html`${text || href}`) ?? verbatim(token);
      default:
        return verbatim(token);
    }
  };
};

const renderTokens = (tokens: readonly Token[], view: TextView, depth: number, indentation = ''): Html => {
  if (depth > MAX_NESTING) return html`${tokens.map(({ raw }) => raw)}`;
  const render = views(view, depth, indentation);
  return joinHtml(tokens.map((token, index) => render(token, index === 0)));
};

export interface MarkdownOptions {
  /** Shows the source text, unformatted. */
  readonly isPlain?: boolean;
}

/** A text that has Markdown signs but no content is shown as its source text. */
export const markdown = (text: string, viewOf: TextsView = () => textView, { isPlain }: MarkdownOptions = {}): Html => {
  const tokens = isPlain ? asPlain(text) : tokensOf(text);
  const content = renderTokens(tokens, viewOf(tokens), 0);
  const isOnlyRule = tokens.every(({ type }) => type === 'hr' || type === 'space');
  if (!isOnlyRule && !showsNothing(content)) return content;
  const plain = asPlain(text);
  return renderTokens(plain, viewOf(plain), 0);
};
