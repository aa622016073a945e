/**
 * Decides by a request's headers whether its origin is allowed, for every method and for sockets. Pure.
 *
 * A service knows its own origin by the `Host` header, which the gateway passes on unchanged. A page can't set `Host`, `Origin` or
 * `Sec-Fetch-Site`: the browser does. A program can set all three, but gains nothing by it: it has no user's cookie.
 */

import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { bearerOf, hasSessionCookie } from '../identity/cookies.ts';
import { hostNameOf, isLoopback } from '../network/loopback.ts';

export interface OriginPolicy {
  /** No `AUTH_SECRET`: anyone may act as anyone, so all requests from pages of other sites are rejected. */
  readonly isOpen: boolean;
  /** The service listens on loopback. A request with another host name got here by DNS rebinding. */
  readonly isOnLoopback: boolean;
  /** The origins that `CORS_ORIGIN` lists. */
  readonly named: ReadonlySet<string>;
  /** `CORS_ORIGIN` is `*`. */
  readonly isForAny: boolean;
  /** The service is web: its pages use the cookie in open mode too, and no other origin may read them. */
  readonly isForPages: boolean;
}

/** `tool`: not a page (no `Origin`). A page: of this service, of `CORS_ORIGIN`, of a loopback address, or of any other site. */
export type Source = 'tool' | 'own' | 'named' | 'loopback' | 'foreign';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the origin's host is the one that the request was sent to. A plain HTTP page doesn't count as own on an HTTPS site. */
const isOwn = (origin: URL, headers: Headers): boolean => {
  const address = `${origin.protocol}//${headers.get('host') ?? ''}`;
  if (!URL.canParse(address) || new URL(address).host !== origin.host) return false;
  return origin.protocol === 'https:' || headers.get('x-forwarded-proto') !== 'https';
};

const isWeb = ({ protocol }: URL): boolean => protocol === 'http:' || protocol === 'https:';

export const sourceOf = (headers: Headers, { named }: Pick<OriginPolicy, 'named'>): Source => {
  if (headers.get('sec-fetch-site') === 'same-origin') return 'own';
  const given = headers.get('origin');
  if (given === null) return 'tool';
  if (!URL.canParse(given)) return 'foreign';
  const origin = new URL(given);
  if (named.has(origin.origin)) return 'named';
  if (isWeb(origin) && isOwn(origin, headers)) return 'own';
  return isWeb(origin) && isLoopback(origin.hostname) ? 'loopback' : 'foreign';
};

const isSocket = (headers: Headers): boolean => headers.get('upgrade')?.toLowerCase() === 'websocket';

const isTopLevelVisit = (headers: Headers): boolean =>
  headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';

/** By `Sec-Fetch-Site`; false for browsers that don't send it. */
export const isSentByOtherSite = (headers: Headers): boolean =>
  ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? '');

/** Whether the cookie counts as proof: a page of another site can make a browser send it along. */
const mayProve = (method: string, headers: Headers, source: Source): boolean => {
  if (source === 'own' || source === 'named') return true;
  const isSafe = SAFE_METHODS.has(method) && !isSocket(headers);
  return isSafe && (!isSentByOtherSite(headers) || isTopLevelVisit(headers));
};

const hostFault = (headers: Headers, { isOnLoopback, named, isForAny }: OriginPolicy): string | undefined => {
  const host = headers.get('host');
  if (!isOnLoopback || isForAny || host === null || isLoopback(hostNameOf(host))) return undefined;
  if ([...named].some((origin) => new URL(origin).host === host)) return undefined;
  return `This service listens for this machine only, and ${JSON.stringify(host)} is no name of it: use localhost, or name the origin in CORS_ORIGIN`;
};

const FOREIGN =
  'Pages of other sites may not call this server: its operator can name their origin in CORS_ORIGIN, separated by commas';
const UNPROVEN =
  'A cookie counts only when the request comes from a page of this origin (Sec-Fetch-Site or Origin say so), or of one in CORS_ORIGIN; a program sends Authorization: Bearer instead';

/** @returns `foreign_host` or `foreign_origin`; undefined for an allowed request */
export const originFault = (method: string, headers: Headers, policy: OriginPolicy): Failure | undefined => {
  const wrongHost = hostFault(headers, policy);
  if (wrongHost) return new Failure(errors.foreign_host, wrongHost);
  const source = sourceOf(headers, policy);
  if (policy.isOpen && source === 'foreign' && (!policy.isForAny || policy.isForPages))
    return new Failure(errors.foreign_origin, FOREIGN);
  if (policy.isOpen && !policy.isForPages) return undefined;
  // web identifies users by the cookie even if the request has a token.
  const goesByToken = !policy.isForPages && bearerOf(headers) !== undefined;
  if (goesByToken || !hasSessionCookie(headers)) return undefined;
  return mayProve(method, headers, source) ? undefined : new Failure(errors.foreign_origin, UNPROVEN);
};

/** The value of `access-control-allow-origin`: `*`, the request's origin, or undefined. */
export const grantedOrigin = (headers: Headers, policy: OriginPolicy): string | undefined => {
  const origin = headers.get('origin');
  if (policy.isForPages || origin === null) return undefined;
  if (policy.isForAny) return '*';
  const source = sourceOf(headers, policy);
  if (source === 'named' || (policy.isOpen && (source === 'loopback' || source === 'own'))) return origin;
  return undefined;
};
