/** What is said to those who listen instead of looking: new messages as they come, never history. */
const MOST_AT_ONCE = 3;
const KEPT = 20;
const SHOWN_MS = 5_000;

const line = (text: string): HTMLParagraphElement => {
  const paragraph = document.createElement('p');
  paragraph.textContent = text;
  return paragraph;
};

/** Says each, or how many when they come too fast to be said. */
export const announce = (texts: readonly string[]): void => {
  const region = document.getElementById('announcer');
  if (!region || texts.length === 0) return;
  if (texts.length > MOST_AT_ONCE) region.append(line(`${texts.length} new messages`));
  else region.append(...texts.map(line));
  while (region.childElementCount > KEPT) region.firstElementChild?.remove();
};

/** A short word on the screen that goes by itself; it is read out, too. */
export const toast = (text: string): void => {
  const region = document.getElementById('toasts');
  const shown = line(text);
  region?.append(shown);
  setTimeout(() => shown.remove(), SHOWN_MS);
};
