/** What may be put into the page, and what htmx may act for. Pure: decided by facts of an answer and of an element. */
import { PAGE_MARK } from '../../views/page-mark.ts';

/**
 * Whether an answer is a page of ours: HTML, with the mark that only pages carry, from this origin after all redirects. Files and API
 * answers hold bytes of users' choosing, and their text proves nothing.
 */
export const isPage = ({ headers, url }: Pick<Response, 'headers' | 'url'>, origin: string): boolean =>
  headers.has(PAGE_MARK) &&
  /^text\/html(\s*;|$)/i.test(headers.get('content-type') ?? '') &&
  URL.canParse(url) &&
  new URL(url).origin === origin;

/** Whether asking again by a real navigation may show more than that nobody answers at the moment. */
export const isWorthShowing = (status: number): boolean => status < 500 && status !== 429;

/** Boosted links and forms are all that our markup has: an element with any other order to htmx isn't ours. */
export const isBoostedOnly = (tag: string, attributes: readonly string[]): boolean =>
  /^(a|form)$/i.test(tag) && attributes.every((name) => !/^(data-)?hx-/.test(name) || name === 'hx-boost');
