/** The badge with a count, beside a room's name or on the bell. */
import { badge } from '../../views/sidebar.ts';
import { elementOf } from '../page/markup.ts';

/** The count as the page shows it; 0 without a badge. */
export const countIn = (host: Element | null): number =>
  Number.parseInt(host?.querySelector('.badge')?.textContent ?? '', 10) || 0;

export const setBadge = (host: Element | null, count: number): void => {
  host?.querySelector('.badge')?.replaceWith(elementOf(badge(count, 'unread')));
};
