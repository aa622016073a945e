/** Markup of a message's blocks: paragraphs, lists, tables, code, spoilers. */
import type { Token, Tokens } from 'marked';
import { highlight } from './highlight.ts';
import { type Html, html } from './html.ts';

/** Renders the tokens inside a block. @param indentation that the lexer removed from each of their lines but the first */
export type Within = (tokens: readonly Token[] | undefined, indentation?: string) => Html;

/** Only an outermost block takes its direction (left to right or not) from its own text; nested blocks inherit it. */
const ownDirection = (depth: number): Html | false => depth === 0 && html` dir="auto"`;

export const paragraph = (content: Html, depth = 0): Html => html`<p${ownDirection(depth)}>${content}</p>`;

export const quote = (content: Html, depth: number): Html =>
  html`<blockquote${ownDirection(depth)}>${content}</blockquote>`;

/**
 * The Markdown signs of a block. They are in the page so that a copied text has them. CSS shows only those that the block's look doesn't
 * replace: numbers, and the `+` of a diff (`content.css`).
 * @param isRead whether screen readers speak it; only numbers are worth it
 */
const mark = (text: string, isRead = false): Html =>
  html`<span class="mark"${!isRead && html` aria-hidden="true"`}>${text}</span>`;

/** Matches the markup that `mark` makes. */
export const MARK = /<span class="mark"[^>]*>[^<]*<\/span>/g;

/** White space that isn't visible but is copied: YAML and nested lists need it when the text is pasted elsewhere. */
export const indent = (text: string): Html | false => text !== '' && html`<span class="indent">${text}</span>`;

/** The start of a list item: white space, a bullet or a number, white space, and the box of a task. */
const ITEM_MARK = /^([ \t]*)(\S+)([ \t]*)(?:(\[[ xX]\])(?=[ \t]))?/;
/** Tokens that start on the line of the item's bullet. */
const INLINE = new Set(['text', 'paragraph', 'heading', 'checkbox']);

const itemMark = ({ raw, task, tokens }: Tokens.ListItem, isOrdered: boolean, before: string): Html | false => {
  const [, own = '', sign = '', gap = '', box] = ITEM_MARK.exec(raw) ?? [];
  const isBeside = INLINE.has(tokens[0]?.type ?? '');
  if (!isOrdered && !isBeside) return false;
  const further = isBeside ? gap.slice(1) : '';
  const shown = task && box ? `${sign}${gap}${box}` : `${sign}${gap[0] ?? ' '}`;
  return html`${indent(before + own)}${mark(shown, isOrdered)}${!(task && box) && indent(further)}`;
};

/** The indentation that the lexer removed from an item's lines after the first; '' when it isn't the same for all. */
const indentationOf = ({ raw, text }: Tokens.ListItem): string => {
  const shown = text.split('\n');
  const taken = raw.split('\n').flatMap((line, index) => {
    const left = shown[index];
    if (index === 0 || left === undefined || left.trim() === '') return [];
    return [line.endsWith(left) ? line.slice(0, line.length - left.length) : ''];
  });
  const [first = ''] = taken;
  return first.trim() === '' && taken.every((indentation) => indentation === first) ? first : '';
};

/** @param indentation that the lexer removed from the list's lines; @param isFirst its first line had none */
export const list = (
  { ordered, start, items }: Tokens.List,
  depth: number,
  within: Within,
  indentation = '',
  isFirst = true,
): Html => {
  const points = items.map((item, index) => {
    const begins = itemMark(item, ordered, index === 0 && isFirst ? '' : indentation);
    return html`<li${item.task && html` class="task"`}>${begins}${within(item.tokens, indentationOf(item))}</li>`;
  });
  const isAdded = items[0]?.raw.trimStart().startsWith('+');
  if (!ordered) return html`<ul${ownDirection(depth)}${isAdded && html` class="plus"`}>${points}</ul>`;
  const from = start !== 1 && start !== '' && html` start="${start}"`;
  return html`<ol${ownDirection(depth)}${from}>${points}</ol>`;
};

/** Shows whether a task is done. It can't be changed. */
export const checkbox = ({ checked }: Tokens.Checkbox): Html =>
  html`<input type="checkbox" disabled${checked && html` checked`} aria-label="${checked ? 'Done' : 'To do'}"> `;

export const heading = ({ raw }: Tokens.Heading, content: Html, depth: number): Html => {
  const [, begins = '', ends = ''] = /^ {0,3}(#{1,6}[ \t]*)(?:.*?)([ \t]#+[ \t]*)?\n*$/.exec(raw) ?? [];
  return paragraph(html`${mark(begins)}<strong>${content}</strong>${ends !== '' && mark(ends)}`, depth);
};

export const rule = ({ raw }: Tokens.Hr): Html => html`<div class="rule" role="separator">${mark(raw.trim())}</div>`;

/** A table wider than its message scrolls inside it; `tabindex` lets the keyboard scroll it. */
export const table = ({ header, rows }: Tokens.Table, within: Within): Html => {
  const cell = ({ header: isHeader, align, tokens }: Tokens.TableCell): Html => {
    const side = (align === 'center' || align === 'right') && html` class="${align}"`;
    return isHeader
      ? html`<th scope="col" dir="auto"${side}>${within(tokens)}</th>`
      : html`<td dir="auto"${side}>${within(tokens)}</td>`;
  };
  const row = (cells: Tokens.TableCell[]): Html => html`<tr>${cells.map(cell)}</tr>`;
  return html`<div class="table" tabindex="0" role="region" aria-label="Table"><table><thead>${row(header)}</thead><tbody>${rows.map(row)}</tbody></table></div>`;
};

/** Code marked by indentation keeps that indentation: such text was usually pasted. */
export const code = ({ text, raw, lang = '', codeBlockStyle }: Tokens.Code): Html => {
  const language = lang.trim().split(/\s/)[0]?.toLowerCase() ?? '';
  const shown = codeBlockStyle === 'indented' ? raw.replace(/\n+$/, '') : text;
  return html`<pre class="code" dir="ltr" tabindex="0"><code>${highlight(shown, language)}</code></pre>`;
};

/** A checkbox reveals the text, so that it works by click, tap or space bar without scripts. While hidden, it isn't read out or copied. */
export const spoiler = (content: Html): Html =>
  html`<label class="spoiler"><input type="checkbox" class="visually-hidden" aria-label="Show spoiler"><span>${content}</span></label>`;
