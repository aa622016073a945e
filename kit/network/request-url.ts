/** Parses the URL of a request. */

/** Scheme and host of a URL. */
const ORIGIN = /^https?:\/\/[^/?#]*/;

/**
 * For a request without `Host`, or with an invalid one, the runtime's `url` is only a path: HTTP/1.0 has no `Host`, and some load balancers
 * probe by it. Such a request is treated as sent to `localhost`.
 * @param url the `url` of the request
 */
export const requestUrl = (url: string): URL =>
  new URL(URL.canParse(url) ? url : `http://localhost${url.replace(ORIGIN, '')}`);
