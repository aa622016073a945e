/**
 * Who a browser is, kept in its cookie as a token: signed with AUTH_SECRET, as every service verifies it; unsigned in the open
 * contract, where anyone may act as anyone anyway.
 */
import { SESSION_COOKIE } from '@parley/kit/identity';
import { type JWTPayload, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';

export interface Person {
  readonly id: string;
  readonly name: string;
  /** True when a password protects the name. */
  readonly hasAccount: boolean;
}

export interface Session extends Person {
  /** What proves the person to the services. */
  readonly token: string;
  /** More than half of its life is over: the next answer should carry a new one. */
  readonly isAging: boolean;
}

export interface Sessions {
  readonly isOpen: boolean;
  /** The session of a cookie header; undefined without a valid one. */
  read(cookies: Bun.CookieMap): Promise<Session | undefined>;
  /** A `Set-Cookie` that begins a session. */
  begin(person: Person): Promise<string>;
  /** A `Set-Cookie` that ends it. */
  end(): string;
}

export interface SessionOptions {
  readonly secret: string | undefined;
  readonly lifetimeDays: number;
  readonly isSecure: boolean;
}

const DAY_S = 86_400;

const personOf = ({ sub, name, account }: JWTPayload): Person | undefined =>
  sub && typeof name === 'string' ? { id: sub, name, hasAccount: account === true } : undefined;

export const createSessions = ({ secret, lifetimeDays, isSecure }: SessionOptions): Sessions => {
  const key = secret === undefined ? undefined : new TextEncoder().encode(secret);
  const maxAgeS = lifetimeDays * DAY_S;

  const verify = async (token: string): Promise<JWTPayload | undefined> => {
    try {
      if (!key) return UnsecuredJWT.decode(token).payload;
      return (await jwtVerify(token, key, { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] })).payload;
    } catch {
      // A forged, foreign or expired token is no session.
      return undefined;
    }
  };

  const issue = ({ id, name, hasAccount }: Person): Promise<string> | string => {
    const claims = { name, ...(hasAccount ? { account: true } : {}) };
    const expiresAt = new Date(Date.now() + maxAgeS * 1_000);
    if (!key) return new UnsecuredJWT(claims).setSubject(id).setIssuedAt().setExpirationTime(expiresAt).encode();
    const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' });
    return token.setSubject(id).setIssuedAt().setExpirationTime(expiresAt).sign(key);
  };

  const cookie = (value: string, maxAge: number): string =>
    new Bun.Cookie(SESSION_COOKIE, value, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: isSecure,
      maxAge,
    }).serialize();

  return {
    isOpen: key === undefined,
    read: async (cookies) => {
      const token = cookies.get(SESSION_COOKIE);
      const payload = token ? await verify(token) : undefined;
      const person = payload && personOf(payload);
      if (!person || !token) return undefined;
      const isAging = (payload?.exp ?? 0) - Date.now() / 1_000 < maxAgeS / 2;
      return { ...person, token, isAging };
    },
    begin: async (person) => cookie(await issue(person), maxAgeS),
    end: () => cookie('', 0),
  };
};
