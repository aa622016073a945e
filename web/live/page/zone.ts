/** The reader's time zone. A cookie sends it to the server for the next page; the times of this page are corrected here. */
import { clockOf, soundZone, type Zone } from '../../views/time.ts';

const YEAR_S = 31_536_000;

export const zone = (): Zone =>
  soundZone({ locale: navigator.language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });

/** Sends the reader's zone to the server by cookie. @returns whether the server rendered this page for another zone */
export const adoptZone = (): boolean => {
  const { timeZone } = zone();
  if (document.documentElement.dataset.zone === timeZone) return false;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `parley_zone=${timeZone}; path=/; max-age=${YEAR_S}; samesite=lax`;
  document.documentElement.dataset.zone = timeZone;
  return true;
};

/** Rewrites the times within `root` in the reader's zone. */
export const correctTimes = (root: ParentNode): void => {
  const clock = clockOf(zone());
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const at = Date.parse(time.dateTime);
    time.title = clock.exact(at);
    if (time.closest('.time')) time.textContent = clock.time(at);
  }
};
