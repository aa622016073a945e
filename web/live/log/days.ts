/** Renames the day dividers of a page that stays open past midnight: `Today` becomes `Yesterday`. */
import { type Clock, clockOf } from '../../views/time.ts';
import { dataOf } from '../page/elements.ts';
import type { RoomContext } from '../page/room-context.ts';
import { nextArticle } from './arrange.ts';

const CHECK_EVERY_MS = 60_000;

const nameDays = (log: HTMLElement, clock: Clock): void => {
  for (const divider of log.querySelectorAll('.day')) {
    const article = nextArticle(divider, 'nextElementSibling');
    const name = divider.firstElementChild;
    if (article && name) name.textContent = clock.dayName(Number(dataOf(article).at), Date.now());
  }
};

export interface DaysDeps {
  readonly context: Pick<RoomContext, 'reader' | 'signal'>;
  readonly log: HTMLElement;
}

export const watchDays = ({ context, log }: DaysDeps): void => {
  const { reader, signal } = context;
  const clock = clockOf(reader);
  let today = '';
  const check = (): void => {
    const day = clock.dayKey(Date.now());
    if (day === today) return;
    today = day;
    nameDays(log, clock);
  };
  const timer = setInterval(check, CHECK_EVERY_MS);
  // Timers don't run while the machine sleeps.
  document.addEventListener('visibilitychange', check, { signal });
  signal.addEventListener('abort', () => clearInterval(timer));
  check();
};
