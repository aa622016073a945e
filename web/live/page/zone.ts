/** The reader's zone: told to the server by a cookie, so that the next page has its times right; this page is corrected here. */
import { clockOf, soundZone, type Zone } from '../../views/time.ts';

const YEAR_S = 31_536_000;

export const zone = (): Zone =>
  soundZone({ locale: navigator.language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });

/** Whether the page was written for another zone. Tells the server either way. */
export const isPageElsewhere = (): boolean => {
  const { timeZone } = zone();
  if (document.documentElement.dataset.zone === timeZone) return false;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `parley_zone=${timeZone}; path=/; max-age=${YEAR_S}; samesite=lax`;
  document.documentElement.dataset.zone = timeZone;
  return true;
};

/** Writes the times of a part of the page in the reader's zone. */
export const correctTimes = (root: ParentNode): void => {
  const clock = clockOf(zone());
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const at = Date.parse(time.dateTime);
    time.title = clock.exact(at);
    if (time.closest('.time')) time.textContent = clock.time(at);
  }
};
