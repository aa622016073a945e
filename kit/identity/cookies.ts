/**
 * Reads the proof that a request has: a bearer token, or a cookie of Parley. With TLS, cookie names begin with `__Host-`: browsers accept
 * such a cookie only from the host itself over HTTPS (RFC 6265bis, 4.1.3.2), so a page of a subdomain can't set one.
 */

export const SESSION_COOKIE = 'parley_session';

const HOST_PREFIX = '__Host-';

/** @param isSecure whether browsers reach this origin by HTTPS */
export const cookieName = (name: string, isSecure: boolean): string => (isSecure ? HOST_PREFIX + name : name);

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    // Malformed percent-encoding: Parley didn't set this cookie. Its value is compared undecoded.
    return value;
  }
};

/** All values of this name in a `Cookie` header, in its order. */
const cookieValues = (header: string | null, name: string): string[] =>
  (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at !== -1 && pair.slice(0, at).trim() === name ? [decode(pair.slice(at + 1).trim())] : [];
  });

export interface FoundCookie {
  readonly value: string;
  /** Whether its name has the prefix `__Host-`. */
  readonly isHostBound: boolean;
}

/**
 * Finds a cookie by its `__Host-` name, else by its plain name.
 * @returns undefined if it is missing, or if the name occurs twice: a subdomain or another path has set one of the two
 */
export const findCookie = (headers: Headers, name: string): FoundCookie | undefined => {
  const header = headers.get('cookie');
  const bound = cookieValues(header, cookieName(name, true));
  const values = bound.length > 0 ? bound : cookieValues(header, name);
  const [value] = values;
  return values.length === 1 && value ? { value, isHostBound: bound.length > 0 } : undefined;
};

/** The bearer token. Other schemes don't count: a browser sends `Basic` for a link with `user:password@`. */
export const bearerOf = (headers: Headers): string | undefined =>
  /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1];

/** Whether the request has a session cookie, valid or not. */
export const hasSessionCookie = (headers: Headers): boolean =>
  [true, false].some(
    (isSecure) => cookieValues(headers.get('cookie'), cookieName(SESSION_COOKIE, isSecure)).length > 0,
  );
