/** A file on its way, as it is seen: its name, a bar, a cancel button, and what went wrong. */

import { sizeInWords } from '../../views/file.ts';
import { html } from '../../views/html.ts';
import { icon } from '../../views/icon.ts';
import { labelOf } from '../../views/label.ts';
import { elementOf } from '../page/markup.ts';

export interface UploadRow {
  readonly element: HTMLElement;
  /** @param share how much of it has gone, 0 to 1 */
  progress(share: number): void;
  /** Says why it isn't sent, in place of the bar. @param mayWorkAgain offers to try again */
  fail(why: string, mayWorkAgain: boolean): void;
  /** Names its room where that isn't the one on the page. */
  showRoom(isElsewhere: boolean): void;
}

export interface UploadRowHandlers {
  onCancel(): void;
  onAgain(): void;
}

export const createUploadRow = (
  { name, size }: File,
  roomName: string,
  { onCancel, onAgain }: UploadRowHandlers,
): UploadRow => {
  const element = elementOf(
    html`<li>${icon('file')}<span class="label"><bdi>${name}</bdi> <small>${sizeInWords(size)}<span hidden> to <bdi>#${roomName}</bdi></span></small></span><progress max="1" value="0" aria-label="${labelOf(name)}"></progress><button type="button" class="icon-button" aria-label="Cancel ${labelOf(name)}" title="Cancel">${icon('close')}</button></li>`,
  );
  const bar = element.querySelector('progress');
  const room = element.querySelector<HTMLElement>('small > span');
  const dropFault = () => element.querySelector('.why')?.remove();
  const showBar = (isShown: boolean) => {
    if (!bar) return;
    bar.hidden = !isShown;
    bar.value = 0;
  };

  element.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    if (target.closest('[data-again]')) {
      dropFault();
      showBar(true);
      onAgain();
    } else if (target.closest('.icon-button')) onCancel();
  });

  return {
    element,
    progress: (share) => {
      if (bar) bar.value = share;
    },
    fail: (why, mayWorkAgain) => {
      dropFault();
      showBar(false);
      const again = mayWorkAgain && html` <button type="button" class="quiet" data-again>Try again</button>`;
      element.append(elementOf(html`<span class="why" role="alert">${why}${again}</span>`));
    },
    showRoom: (isElsewhere) => {
      if (room) room.hidden = !isElsewhere;
    },
  };
};
