/** Texts for screen readers (new messages, never history) and short notices on the screen. */
import { findElement } from './elements.ts';

const MAX_AT_ONCE = 3;
const MAX_KEPT = 20;
const TOAST_MS = 5_000;

const line = (text: string): HTMLParagraphElement => {
  const paragraph = document.createElement('p');
  paragraph.textContent = text;
  return paragraph;
};

/** Reads the texts out one by one, or only their number where there are too many to listen to. */
export const announce = (texts: readonly string[]): void => {
  const region = findElement('announcer');
  if (!region || texts.length === 0) return;
  if (texts.length > MAX_AT_ONCE) region.append(line(`${texts.length} new messages`));
  else region.append(...texts.map(line));
  while (region.childElementCount > MAX_KEPT) region.firstElementChild?.remove();
};

/** Shows a text for a few seconds. Screen readers read it out, too. */
export const toast = (text: string): void => {
  const shown = line(text);
  findElement('toasts')?.append(shown);
  setTimeout(() => shown.remove(), TOAST_MS);
};
