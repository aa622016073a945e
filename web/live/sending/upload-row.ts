/** The row of an upload: file name, progress bar, cancel button, and the reason when it failed. */
import { sizeInWords } from '../../views/file.ts';
import { html } from '../../views/html.ts';
import { icon } from '../../views/icon.ts';
import { labelOf } from '../../views/label.ts';
import { elementOf } from '../page/markup.ts';

export interface UploadRow {
  readonly element: HTMLElement;
  /** @param share the part that was sent, 0 to 1 */
  progress(share: number): void;
  /** Shows the reason instead of the progress bar. @param isRetryable adds a button to try again */
  fail(why: string, isRetryable: boolean): void;
  /** Shows the name of the upload's room, unless that room is open. */
  showRoom(isElsewhere: boolean): void;
}

export interface UploadRowHandlers {
  onCancel(): void;
  onRetry(): void;
}

export const createUploadRow = (
  { name, size }: File,
  roomName: string,
  { onCancel, onRetry }: UploadRowHandlers,
): UploadRow => {
  const element = elementOf(
    html`<li>${icon('file')}<span class="label"><bdi>${name}</bdi> <small>${sizeInWords(size)}<span hidden> to <bdi>#${roomName}</bdi></span></small></span><progress max="1" value="0" aria-label="${labelOf(name)}"></progress><button type="button" class="icon-button" aria-label="Cancel ${labelOf(name)}" title="Cancel">${icon('close')}</button></li>`,
  );
  const bar = element.querySelector('progress');
  const room = element.querySelector<HTMLElement>('small > span');
  const removeFault = () => element.querySelector('.why')?.remove();
  const showBar = (isShown: boolean) => {
    if (!bar) return;
    bar.hidden = !isShown;
    bar.value = 0;
  };

  element.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    if (target.closest('[data-again]')) {
      removeFault();
      showBar(true);
      onRetry();
    } else if (target.closest('.icon-button')) onCancel();
  });

  return {
    element,
    progress: (share) => {
      if (bar) bar.value = share;
    },
    fail: (why, isRetryable) => {
      removeFault();
      showBar(false);
      const again = isRetryable && html` <button type="button" class="quiet" data-again>Try again</button>`;
      element.append(elementOf(html`<span class="why" role="alert">${why}${again}</span>`));
    },
    showRoom: (isElsewhere) => {
      if (room) room.hidden = !isElsewhere;
    },
  };
};
