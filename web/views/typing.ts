/** The line that shows who is typing or has just joined. `bdi` keeps a right-to-left name from reordering the words around it. */
import { type Html, html, nothing } from './html.ts';

const MOST_NAMED = 3;

const name = (text: string): Html => html`<bdi>${text}</bdi>`;

/** `alice is typing…`, `alice and bob are typing…`, `Several people are typing…` */
export const typing = (names: readonly string[]): Html => {
  const last = names.at(-1);
  if (last === undefined) return nothing;
  if (names.length > MOST_NAMED) return html`<span>Several people are typing…</span>`;
  if (names.length === 1) return html`<span>${name(last)} is typing…</span>`;
  const others = names.slice(0, -1).map((other, index) => html`${index > 0 && ', '}${name(other)}`);
  return html`<span>${others} and ${name(last)} are typing…</span>`;
};

export const joined = (who: string): Html => html`<span>${name(who)} joined</span>`;
