/** Blocks and marks of a message that have markup of their own: lists, tables, code, spoilers. */
import type { Token, Tokens } from 'marked';
import { highlight } from './highlight.ts';
import { type Html, html } from './html.ts';

/** Makes markup of the tokens within another. Their lines but the first were indented by so much more. */
export type Within = (tokens: readonly Token[] | undefined, indentation?: string) => Html;

/** A block takes its direction from its own text; one within a list or a quote has the direction of the whole. */
const ownDirection = (depth: number): Html | false => depth === 0 && html` dir="auto"`;

export const paragraph = (content: Html, depth = 0): Html => html`<p${ownDirection(depth)}>${content}</p>`;

export const quote = (content: Html, depth: number): Html =>
  html`<blockquote${ownDirection(depth)}>${content}</blockquote>`;

/**
 * What a block was marked by. It is copied with the text, and shown where it says more than the block's look: a number, or the `+` of a
 * difference (`content.css`). Nobody needs it read out but a number.
 */
const mark = (text: string, isRead = false): Html =>
  html`<span class="mark"${!isRead && html` aria-hidden="true"`}>${text}</span>`;

/** Markup of marks. */
export const MARK = /<span class="mark"[^>]*>[^<]*<\/span>/g;

/** White space that says nothing to a reader, and much to a program that gets the copied text: YAML's lines, items within items. */
export const indent = (text: string): Html | false => text !== '' && html`<span class="indent">${text}</span>`;

/** What an item begins with: white space, a bullet or a number, white space, and the box of a task. */
const ITEM_MARK = /^([ \t]*)(\S+)([ \t]*)(?:(\[[ xX]\])(?=[ \t]))?/;
/** What a mark can stand beside in its line. */
const INLINE = new Set(['text', 'paragraph', 'heading', 'checkbox']);

const itemMark = ({ raw, task, tokens }: Tokens.ListItem, isOrdered: boolean, before: string): Html | false => {
  const [, own = '', sign = '', gap = '', box] = ITEM_MARK.exec(raw) ?? [];
  const isBeside = INLINE.has(tokens[0]?.type ?? '');
  if (!isOrdered && !isBeside) return false;
  const further = isBeside ? gap.slice(1) : '';
  const shown = task && box ? `${sign}${gap}${box}` : `${sign}${gap[0] ?? ' '}`;
  return html`${indent(before + own)}${mark(shown, isOrdered)}${!(task && box) && indent(further)}`;
};

/** What the lexer took from the beginnings of an item's lines behind the first: the same of each, or ''. */
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

/** @param indentation what was taken from the beginnings of the list's lines; @param isFirst whether its first line had none */
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

/** Whether a task is done: nobody can change it here. */
export const checkbox = ({ checked }: Tokens.Checkbox): Html =>
  html`<input type="checkbox" disabled${checked && html` checked`} aria-label="${checked ? 'Done' : 'To do'}"> `;

export const heading = ({ raw }: Tokens.Heading, content: Html, depth: number): Html => {
  const [, begins = '', ends = ''] = /^ {0,3}(#{1,6}[ \t]*)(?:.*?)([ \t]#+[ \t]*)?\n*$/.exec(raw) ?? [];
  return paragraph(html`${mark(begins)}<strong>${content}</strong>${ends !== '' && mark(ends)}`, depth);
};

export const rule = ({ raw }: Tokens.Hr): Html => html`<div class="rule" role="separator">${mark(raw.trim())}</div>`;

/** Scrolls by itself where it is wider than its message. */
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

/** Indented code keeps its indentation: it was pasted. */
export const code = ({ text, raw, lang = '', codeBlockStyle }: Tokens.Code): Html => {
  const language = lang.trim().split(/\s/)[0]?.toLowerCase() ?? '';
  const shown = codeBlockStyle === 'indented' ? raw.replace(/\n+$/, '') : text;
  return html`<pre class="code" dir="ltr" tabindex="0"><code>${highlight(shown, language)}</code></pre>`;
};

/** A checkbox shows it: by a click, a tap or the space bar, and without scripts. Hidden text isn't read out or copied. */
export const spoiler = (content: Html): Html =>
  html`<label class="spoiler"><input type="checkbox" class="visually-hidden" aria-label="Show spoiler"><span>${content}</span></label>`;
