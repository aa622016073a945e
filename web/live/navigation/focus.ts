/**
 * Keeps the keyboard focus when the focused element is removed: a cancelled upload, a read notification, the whole page. Browsers would
 * move the focus to the top of the page. Here it moves to the element that took the place of the removed one.
 */

/** Lists in which the next control takes the focus. */
const REGIONS = '.panel, .sheet, .uploads, .pending';

const controlsIn = (region: Element): HTMLElement[] => [...region.querySelectorAll<HTMLElement>('a[href], button')];

/** The message field; on a phone the log, since the field would open the keyboard; the sheet on a page without a room. */
const fallback = (): HTMLElement | null =>
  document.querySelector<HTMLElement>(matchMedia('(hover: hover)').matches ? '#text, .sheet' : '#scroll, .sheet');

export const keepFocus = (): void => {
  let last: Element | undefined;
  let region: Element | null = null;
  let index = 0;

  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    region = target.closest(REGIONS);
    index = region ? controlsIn(region).indexOf(target) : 0;
  });

  const restore = (): void => {
    const focused = document.activeElement;
    if (!last || (focused !== document.body && focused !== last)) return;
    if (last.isConnected && !last.closest('[hidden]')) return;
    const controls = region?.isConnected ? controlsIn(region) : [];
    last = undefined;
    (controls[Math.min(index, controls.length - 1)] ?? fallback())?.focus({ preventScroll: true });
  };

  const changes = { childList: true, subtree: true, attributeFilter: ['hidden'] };
  new MutationObserver(restore).observe(document.body, changes);
};
