/** One request as the pages see it: the session, the time zone and theme, the form token, and the services called as that user. */
import { cookieName, findCookie } from '@parley/kit/identity/cookies';
import type { Session, Sessions } from '../accounts/session.ts';
import type { Services, ServicesFor } from '../services/clients.ts';
import { DEVICE_HEADER } from '../views/document.ts';
import type { Reader } from '../views/message.ts';
import { soundZone, type Zone } from '../views/time.ts';

export type Theme = 'auto' | 'light' | 'dark';

export interface Visit {
  readonly session: Session | undefined;
  readonly zone: Zone;
  readonly theme: Theme;
  /** Every form sends it; it must equal the one in the cookie. */
  readonly formToken: string;
  readonly services: Services;
  /** Identifies the open page to presence. It stays while links swap the page's content, and is new when the page is loaded. */
  readonly device: string;
  readonly acceptsGzip: boolean;
  /** `Set-Cookie` headers of the response. Handlers may add to them. */
  readonly cookies: string[];
}

/** The visit of a signed-in user. */
export interface UserVisit extends Visit {
  readonly session: Session;
  readonly reader: Reader;
}

export interface VisitsDeps {
  readonly sessions: Sessions;
  readonly servicesFor: ServicesFor;
  readonly isSecure: boolean;
}

export interface Visits {
  /** Reads a request's cookies and headers. A session that is past half of its life is renewed. */
  read(request: Request): Promise<Visit>;
}

export const FORM_COOKIE = 'parley_form';
const ZONE_COOKIE = 'parley_zone';
export const THEME_COOKIE = 'parley_theme';
export const ROOM_COOKIE = 'parley_room';

const YEAR_S = 31_536_000;
const FORM_TOKEN = /^[\w-]{32}$/;
const DEVICE = /^[\w-]{36}$/;

const isTheme = (word: string | null): word is Theme => word === 'auto' || word === 'light' || word === 'dark';

/**
 * A `Set-Cookie` header.
 * @param maxAge how long the browser keeps it, in seconds; 0 deletes it
 */
export const rememberCookie = (
  name: string,
  value: string,
  { isSecure, maxAge = YEAR_S }: { isSecure: boolean; maxAge?: number },
) =>
  new Bun.Cookie(cookieName(name, isSecure), value, {
    path: '/',
    sameSite: 'lax',
    httpOnly: true,
    secure: isSecure,
    maxAge,
  }).serialize();

const newFormToken = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');

/** The device that an open page names when it requests its next content. */
const knownDevice = (headers: Headers): string | undefined => {
  const given = headers.get(DEVICE_HEADER) ?? '';
  return DEVICE.test(given) ? given : undefined;
};

/** The time zone is in a cookie that the page's script sets; the locale is the browser's first. */
const zoneOf = (headers: Headers): Zone => {
  const locale = headers.get('accept-language')?.split(/[,;]/)[0];
  const timeZone = new Bun.CookieMap(headers.get('cookie') ?? '').get(ZONE_COOKIE);
  return soundZone({ ...(locale && { locale }), ...(timeZone && { timeZone }) });
};

const themeOf = (headers: Headers): Theme => {
  const theme = findCookie(headers, THEME_COOKIE)?.value ?? null;
  return isTheme(theme) ? theme : 'auto';
};

const formTokenOf = (headers: Headers): string | undefined => {
  const given = findCookie(headers, FORM_COOKIE)?.value ?? '';
  return FORM_TOKEN.test(given) ? given : undefined;
};

export const createVisits = ({ sessions, servicesFor, isSecure }: VisitsDeps): Visits => {
  /** A renewed session has the new token at once: the page's proofs are made with it, and the browser sends it from now on. */
  const readSession = async (headers: Headers, cookies: string[]): Promise<Session | undefined> => {
    const session = await sessions.read(headers);
    if (!session?.isAging) return session;
    const renewal = await sessions.begin(session);
    cookies.push(...renewal);
    const [renewed] = renewal;
    return renewed === undefined ? session : { ...session, token: Bun.Cookie.parse(renewed).value };
  };

  return {
    read: async ({ headers }) => {
      const cookies: string[] = [];
      const session = await readSession(headers, cookies);
      const givenToken = formTokenOf(headers);
      const formToken = givenToken ?? newFormToken();
      if (!givenToken) cookies.push(rememberCookie(FORM_COOKIE, formToken, { isSecure }));
      return {
        session,
        zone: zoneOf(headers),
        theme: themeOf(headers),
        formToken,
        services: servicesFor(session?.token),
        device: knownDevice(headers) ?? crypto.randomUUID(),
        acceptsGzip: /\bgzip\b/.test(headers.get('accept-encoding') ?? ''),
        cookies,
      };
    },
  };
};

/** Undefined without a session. */
export const userVisitOf = (visit: Visit): UserVisit | undefined => {
  const { session } = visit;
  return session && { ...visit, session, reader: { id: session.id, name: session.name, ...visit.zone } };
};
