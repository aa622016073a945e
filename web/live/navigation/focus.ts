/**
 * Keeps the focus where keys go on from. What is pressed may go by that: a cancelled upload, a read notification, the whole page. The
 * browser would begin at the top again; here the focus goes to what stands in its place.
 */

/** Where the next one of many is what one wants. */
const REGIONS = '.panel, .sheet, .uploads, .pending';

const controlsIn = (region: Element): HTMLElement[] => [...region.querySelectorAll<HTMLElement>('a[href], button')];

/** The field, but not on a phone, where it would call the keyboard up; the sheet on a page without a room. */
const home = (): HTMLElement | null =>
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

  const look = (): void => {
    const focused = document.activeElement;
    if (!last || (focused !== document.body && focused !== last)) return;
    if (last.isConnected && !last.closest('[hidden]')) return;
    const controls = region?.isConnected ? controlsIn(region) : [];
    last = undefined;
    (controls[Math.min(index, controls.length - 1)] ?? home())?.focus({ preventScroll: true });
  };

  const changes = { childList: true, subtree: true, attributeFilter: ['hidden'] };
  new MutationObserver(look).observe(document.body, changes);
};
