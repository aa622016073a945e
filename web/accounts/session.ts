/**
 * Sessions: a cookie holds a token with the person. It is signed with `AUTH_SECRET`, and every service verifies it. Without the secret it
 * is unsigned: on an open server anyone may act as anyone.
 */
import { cookieName, findCookie, SESSION_COOKIE } from '@parley/kit/identity/cookies';
import { HOST_BOUND_CLAIM } from '@parley/kit/identity/identity';
import { type JWTPayload, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';

export interface Person {
  readonly id: string;
  readonly name: string;
  /** True when a password protects the name. */
  readonly hasAccount: boolean;
}

export interface Session extends Person {
  /** The token, which proves the person to the services. */
  readonly token: string;
  /** The next response should renew it: more than half of its lifetime is over, or the cookie still has the name from before TLS. */
  readonly isAging: boolean;
}

export interface Sessions {
  readonly isOpen: boolean;
  /** The session in a request's cookie; undefined without a valid token. */
  read(headers: Headers): Promise<Session | undefined>;
  /** The `Set-Cookie` headers that start a session. */
  begin(person: Person): Promise<string[]>;
  /** The `Set-Cookie` headers that end it. */
  end(): string[];
}

export interface SessionsDeps {
  readonly secret: string | undefined;
  readonly lifetimeDays: number;
  readonly isSecure: boolean;
}

const DAY_S = 86_400;

const personOf = ({ sub, name, account }: JWTPayload): Person | undefined =>
  sub && typeof name === 'string' ? { id: sub, name, hasAccount: account === true } : undefined;

export const createSessions = ({ secret, lifetimeDays, isSecure }: SessionsDeps): Sessions => {
  const key = secret === undefined ? undefined : new TextEncoder().encode(secret);
  const maxAgeS = lifetimeDays * DAY_S;

  const verify = async (token: string): Promise<JWTPayload | undefined> => {
    try {
      if (!key) return UnsecuredJWT.decode(token).payload;
      return (await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] })).payload;
    } catch {
      // A forged, foreign or expired token: no session.
      return undefined;
    }
  };

  const issue = ({ id, name, hasAccount }: Person): Promise<string> | string => {
    const claims = { name, ...(hasAccount && { account: true }), ...(isSecure && { [HOST_BOUND_CLAIM]: true }) };
    const expiresAt = new Date(Date.now() + maxAgeS * 1_000);
    if (!key) return new UnsecuredJWT(claims).setSubject(id).setIssuedAt().setExpirationTime(expiresAt).encode();
    const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' });
    return token.setSubject(id).setIssuedAt().setExpirationTime(expiresAt).sign(key);
  };

  const cookie = (name: string, value: string, maxAge: number): string =>
    new Bun.Cookie(name, value, { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, maxAge }).serialize();

  const ownName = cookieName(SESSION_COOKIE, isSecure);
  /** Over TLS, deletes the cookie with the plain name: it is from before TLS, or a subdomain planted it. */
  const withoutOld = (set: string): string[] => (isSecure ? [set, cookie(SESSION_COOKIE, '', 0)] : [set]);

  return {
    isOpen: key === undefined,
    read: async (headers) => {
      const found = findCookie(headers, SESSION_COOKIE);
      const payload = found && (await verify(found.value));
      const person = payload && personOf(payload);
      if (!found || !person) return undefined;
      // A session that was started over TLS was set under the `__Host-` name. A copy under the plain name was planted by a subdomain.
      if (!found.isHostBound && payload[HOST_BOUND_CLAIM] === true) return undefined;
      const isAging = (payload.exp ?? 0) - Date.now() / 1_000 < maxAgeS / 2 || found.isHostBound !== isSecure;
      return { ...person, token: found.value, isAging };
    },
    begin: async (person) => withoutOld(cookie(ownName, await issue(person), maxAgeS)),
    end: () => withoutOld(cookie(ownName, '', 0)),
  };
};
