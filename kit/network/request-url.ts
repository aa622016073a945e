/** The address of a request as a URL. */

/** Scheme and host of a URL. */
const ORIGIN = /^https?:\/\/[^/?#]*/;

/**
 * The runtime gives the path alone where there is no host, or none that a URL can have: HTTP/1.0 knows no `Host`, and some load balancers
 * probe like that. Such a request counts as sent to `localhost`.
 * @param url a request's `url`
 */
export const requestUrl = (url: string): URL =>
  new URL(URL.canParse(url) ? url : `http://localhost${url.replace(ORIGIN, '')}`);
