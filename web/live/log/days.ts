/** The names of days in a page that stays open past midnight: what was `Today` is `Yesterday` then. */
import type { Clock } from '../../views/time.ts';
import { nextArticle } from './arrange.ts';

const LOOK_EVERY_MS = 60_000;

const nameDays = (log: HTMLElement, clock: Clock): void => {
  for (const divider of log.querySelectorAll('.day')) {
    const article = nextArticle(divider, 'nextElementSibling');
    const name = divider.firstElementChild;
    if (article && name) name.textContent = clock.dayName(Number(article.dataset.at), Date.now());
  }
};

export const watchDays = (log: HTMLElement, clock: Clock, signal: AbortSignal): void => {
  let today = '';
  const look = (): void => {
    const day = clock.dayKey(Date.now());
    if (day === today) return;
    today = day;
    nameDays(log, clock);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  // A machine that slept has missed its minutes.
  document.addEventListener('visibilitychange', look, { signal });
  signal.addEventListener('abort', () => clearInterval(timer));
  look();
};
