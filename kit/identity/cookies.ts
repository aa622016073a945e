/**
 * What a request brings as proof: a bearer token, or our cookies. Where TLS is on, names begin with `__Host-`: a browser takes such a cookie only from this very
 * host over HTTPS (RFC 6265bis, 4.1.3.2), so a page of a subdomain can't plant one.
 */

export const SESSION_COOKIE = 'parley_session';

const HOST_PREFIX = '__Host-';

/** @param isSecure whether the browser speaks TLS with this origin */
export const cookieName = (name: string, isSecure: boolean): string => (isSecure ? HOST_PREFIX + name : name);

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    // Malformed percent-encoding: not ours, and compared as it stands.
    return value;
  }
};

/** Every value that a `Cookie` header has for this name, in the header's order. */
const cookieValues = (header: string | null, name: string): string[] =>
  (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at !== -1 && pair.slice(0, at).trim() === name ? [decode(pair.slice(at + 1).trim())] : [];
  });

export interface FoundCookie {
  readonly value: string;
  /** Whether it came under the name with the prefix. */
  readonly isHostBound: boolean;
}

/**
 * The one value of a cookie, under its `__Host-` name if there is one, else under the plain name.
 * @returns undefined without one, and when the same name comes twice: one of the two was planted by a subdomain or a path
 */
export const findCookie = (headers: Headers, name: string): FoundCookie | undefined => {
  const header = headers.get('cookie');
  const bound = cookieValues(header, cookieName(name, true));
  const values = bound.length > 0 ? bound : cookieValues(header, name);
  const [value] = values;
  return values.length === 1 && value ? { value, isHostBound: bound.length > 0 } : undefined;
};

/** The token that a program sends. Any other `Authorization` is none: a browser makes one of a link's `user:password@`. */
export const bearerOf = (headers: Headers): string | undefined =>
  /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];

/** Whether a request brings a session, valid or not. */
export const hasSessionCookie = (headers: Headers): boolean =>
  [true, false].some(
    (isSecure) => cookieValues(headers.get('cookie'), cookieName(SESSION_COOKIE, isSecure)).length > 0,
  );
