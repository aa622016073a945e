/** Which responses htmx may put into the page, and for which elements htmx may act. Pure. */
import { PAGE_MARK } from '../../views/page-mark.ts';

/**
 * Whether a response is a page of Parley: HTML, from this origin after all redirects, with the header that only web sets on pages. The
 * body proves nothing, since users choose the content of files and API responses.
 */
export const isPage = ({ headers, url }: Pick<Response, 'headers' | 'url'>, origin: string): boolean =>
  headers.has(PAGE_MARK) &&
  /^text\/html(\s*;|$)/i.test(headers.get('content-type') ?? '') &&
  URL.canParse(url) &&
  new URL(url).origin === origin;

/** Whether the browser should navigate to a response that isn't a page. For an overload or an outage the current page stays instead. */
export const isNavigable = (status: number): boolean => status < 500 && status !== 429;

/** Parley's markup uses htmx only for boosted links and forms. An element with any other htmx attribute is not Parley's. */
export const isBoostedOnly = (tag: string, attributes: readonly string[]): boolean =>
  /^(a|form)$/i.test(tag) && attributes.every((name) => !/^(data-)?hx-/.test(name) || name === 'hx-boost');
