/**
 * Whether a request may come from where it comes from: the one place that decides it, for every method and for sockets. Pure.
 *
 * A service knows its own origin by the `Host` header, which the gateway passes on unchanged. A page can set neither `Host` nor
 * `Origin` nor `Sec-Fetch-Site`: the browser does. A program can set all three, and gains nothing: it has nobody's cookie.
 */

import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { bearerOf, hasSessionCookie } from '../identity/cookies.ts';
import { hostNameOf, isLoopback } from '../network/loopback.ts';

export interface OriginPolicy {
  /** Without `AUTH_SECRET`: anyone may act as anyone, so that pages of other sites must be kept out altogether. */
  readonly isOpen: boolean;
  /** The service listens on loopback: other host names reach it by DNS rebinding alone. */
  readonly isOnLoopback: boolean;
  /** Origins of `CORS_ORIGIN`. */
  readonly named: ReadonlySet<string>;
  /** `CORS_ORIGIN` is `*`. */
  readonly isForAny: boolean;
  /** Pages and their forms go by the cookie also in open mode, and no other origin may read them. */
  readonly isForPages: boolean;
}

/** Where a request comes from: no browser's page, our own page, one that `CORS_ORIGIN` names, one of this machine, another site's. */
export type Source = 'tool' | 'own' | 'named' | 'loopback' | 'foreign';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether an origin has the host that the request was sent to. A page by plain HTTP is not the own one of an HTTPS site. */
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

/** By the browser's word; false where it gives none. */
export const isSentByOtherSite = (headers: Headers): boolean =>
  ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? '');

/** Whether the cookie of this request may prove whom it acts as. */
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

/** @returns the refusal, `foreign_host` or `foreign_origin`, or undefined when the request may come */
export const originFault = (method: string, headers: Headers, policy: OriginPolicy): Failure | undefined => {
  const wrongHost = hostFault(headers, policy);
  if (wrongHost) return new Failure(errors.foreign_host, wrongHost);
  const source = sourceOf(headers, policy);
  if (policy.isOpen && source === 'foreign' && (!policy.isForAny || policy.isForPages))
    return new Failure(errors.foreign_origin, FOREIGN);
  if (policy.isOpen && !policy.isForPages) return undefined;
  // Pages know people by their cookie, whatever else comes along.
  const goesByToken = !policy.isForPages && bearerOf(headers) !== undefined;
  if (goesByToken || !hasSessionCookie(headers)) return undefined;
  return mayProve(method, headers, source) ? undefined : new Failure(errors.foreign_origin, UNPROVEN);
};

/** What a page of another origin may do with answers: `*` for all origins, the origin alone, or nothing. */
export const grantedOrigin = (headers: Headers, policy: OriginPolicy): string | undefined => {
  const origin = headers.get('origin');
  if (policy.isForPages || origin === null) return undefined;
  if (policy.isForAny) return '*';
  const source = sourceOf(headers, policy);
  if (source === 'named' || (policy.isOpen && (source === 'loopback' || source === 'own'))) return origin;
  return undefined;
};
