/** One request as the pages see it: who comes, how they like times and colours, and what proves that a form is ours. */
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
  /** What a form must carry: the same as the cookie has. */
  readonly formToken: string;
  readonly services: Services;
  /** The page in the browser, by which presence counts it: the same while links change what it shows. */
  readonly device: string;
  readonly acceptsGzip: boolean;
  /** Cookies that the answer sets. */
  readonly cookies: string[];
}

/** A visit of someone who is signed in. */
export interface Guest extends Visit {
  readonly session: Session;
  readonly reader: Reader;
}

export interface VisitOptions {
  readonly sessions: Sessions;
  readonly servicesFor: ServicesFor;
  readonly isSecure: boolean;
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
 * @param maxAge how long it is remembered, in seconds; 0 forgets it
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

/** The page that asks for what it will show, as it was called when it was loaded. */
const knownDevice = (headers: Headers): string | undefined => {
  const given = headers.get(DEVICE_HEADER) ?? '';
  return DEVICE.test(given) ? given : undefined;
};

export const createVisits = ({ sessions, servicesFor, isSecure }: VisitOptions) => {
  const read = async (request: Request): Promise<Visit> => {
    const given = new Bun.CookieMap(request.headers.get('cookie') ?? '');
    const cookies: string[] = [];
    const known = await sessions.read(request.headers);
    const renewal = known?.isAging ? await sessions.begin(known) : [];
    cookies.push(...renewal);
    const [renewed] = renewal;
    // From this answer on the browser has the new token: what the page is proven by goes with it.
    const session = known && renewed ? { ...known, token: Bun.Cookie.parse(renewed).value } : known;
    const givenToken = findCookie(request.headers, FORM_COOKIE)?.value ?? '';
    const formToken = FORM_TOKEN.test(givenToken) ? givenToken : newFormToken();
    if (formToken !== givenToken) cookies.push(rememberCookie(FORM_COOKIE, formToken, { isSecure }));
    const theme = findCookie(request.headers, THEME_COOKIE)?.value ?? null;
    const locale = request.headers.get('accept-language')?.split(/[,;]/)[0];
    const timeZone = given.get(ZONE_COOKIE);
    return {
      session,
      zone: soundZone({ ...(locale && { locale }), ...(timeZone && { timeZone }) }),
      theme: isTheme(theme) ? theme : 'auto',
      formToken,
      services: servicesFor(session?.token),
      device: knownDevice(request.headers) ?? crypto.randomUUID(),
      acceptsGzip: /\bgzip\b/.test(request.headers.get('accept-encoding') ?? ''),
      cookies,
    };
  };
  return { read };
};

export type Visits = ReturnType<typeof createVisits>;

/** The visit as a signed-in person's, if it is one. */
export const guestOf = (visit: Visit): Guest | undefined => {
  const { session } = visit;
  return session && { ...visit, session, reader: { id: session.id, name: session.name, ...visit.zone } };
};
