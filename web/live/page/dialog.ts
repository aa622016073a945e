/** Modal dialogs: confirm, choose a room, list the shortcuts. */
import { type Html, html } from '../../views/html.ts';
import { elementOf } from './markup.ts';

/** Shows a dialog until it is closed. @returns the value of the button that closed it; empty for Escape */
const ask = (markup: Html): Promise<string> => {
  const dialog = elementOf(markup) as HTMLDialogElement;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue);
      dialog.remove();
    }),
  );
};

export const confirm = async (question: string, yes: string): Promise<boolean> =>
  (await ask(
    html`<dialog aria-label="${question}"><form method="dialog" class="stack"><p>${question}</p><p><button class="button danger" value="yes">${yes}</button> <button class="quiet" value="">Cancel</button></p></form></dialog>`,
  )) === 'yes';

const shortcuts: readonly (readonly [string, string])[] = [
  ['Enter', 'Send; Shift+Enter breaks the line'],
  ['↑', 'Edit your last message, from an empty field'],
  ['Ctrl+K', 'Find a room'],
  ['Alt+↑ ↓', 'The room above, below'],
  ['N', 'The next room with something new'],
  ['J K', 'The next message, the one before'],
  ['E', 'Edit the message'],
  ['R', 'Quote the message'],
  ['Delete', 'Delete the message'],
  ['C', 'Write'],
  ['End', 'The newest messages'],
  ['F6', 'The next part of the page'],
  ['?', 'This list'],
];

export const showShortcuts = (): Promise<string> =>
  ask(
    html`<dialog aria-label="Keyboard shortcuts"><form method="dialog"><dl class="shortcuts">${shortcuts.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl><p><button class="quiet">Close</button></p></form></dialog>`,
  );

/** @param rooms in the order of the sidebar. @returns the chosen room's id; empty for none */
export const chooseRoom = (rooms: readonly { id: string; name: string }[]): Promise<string> =>
  ask(
    html`<dialog aria-label="Find a room"><form method="dialog" class="stack finder"><label for="find">Find a room</label><input id="find" autocomplete="off" autofocus><ul class="rooms">${rooms.map(({ id, name }) => html`<li><button class="quiet" value="${id}"># <bdi>${name}</bdi></button></li>`)}</ul></form></dialog>`,
  );
