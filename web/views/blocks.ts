/** Blocks and marks of a message that have markup of their own: lists, tables, code, spoilers. */
import type { Token, Tokens } from 'marked';
import { highlight } from './highlight.ts';
import { type Html, html } from './html.ts';

/** Makes markup of the tokens within another. */
export type Within = (tokens: readonly Token[] | undefined) => Html;

/** A block takes its direction from its own text; one within a list or a quote has the direction of the whole. */
const ownDirection = (depth: number): Html | false => depth === 0 && html` dir="auto"`;

export const paragraph = (content: Html, depth = 0): Html => html`<p${ownDirection(depth)}>${content}</p>`;

export const quote = (content: Html, depth: number): Html =>
  html`<blockquote${ownDirection(depth)}>${content}</blockquote>`;

export const list = ({ ordered, start, items }: Tokens.List, depth: number, within: Within): Html => {
  const points = items.map(({ task, tokens }) => html`<li${task && html` class="task"`}>${within(tokens)}</li>`);
  if (!ordered) return html`<ul${ownDirection(depth)}>${points}</ul>`;
  const from = start !== 1 && start !== '' && html` start="${start}"`;
  return html`<ol${ownDirection(depth)}${from}>${points}</ol>`;
};

/** Whether a task is done: nobody can change it here. */
export const checkbox = ({ checked }: Tokens.Checkbox): Html =>
  html`<input type="checkbox" disabled${checked && html` checked`} aria-label="${checked ? 'Done' : 'To do'}"> `;

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
