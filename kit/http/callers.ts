/** Which callers the configuration allows. The platform checks every request; chat also checks its sockets. */

import { Elysia } from 'elysia';
import type { Failure } from '../errors/failure.ts';
import { isLoopback } from '../network/loopback.ts';
import { requestUrl } from '../network/request-url.ts';
import { listOf } from '../process/config.ts';
import { grantedOrigin, type OriginPolicy, originFault } from './origins.ts';

export interface CallerConfig {
  readonly host: string;
  readonly corsOrigin: string;
  readonly authSecret?: string | undefined;
}

export interface Callers {
  /** @returns `foreign_host` or `foreign_origin`; undefined for an allowed request */
  faultOf(request: Request): Failure | undefined;
  /** The value of `access-control-allow-origin`: `*`, one origin, or none. */
  grantedOrigin(headers: Headers): string | undefined;
  /** True if the CORS headers depend on `Origin`: answers then need `Vary: Origin`. */
  readonly variesByOrigin: boolean;
}

/** @param isForPages true for the front end: see `OriginPolicy` */
export const createCallers = ({ host, corsOrigin, authSecret }: CallerConfig, isForPages = false): Callers => {
  const names = listOf(corsOrigin);
  const policy: OriginPolicy = {
    isOpen: authSecret === undefined,
    isOnLoopback: isLoopback(host),
    named: new Set(names.filter((name) => name !== '*').map((name) => new URL(name).origin)),
    isForAny: names.includes('*'),
    isForPages,
  };
  return {
    faultOf: ({ method, headers }) => originFault(method, headers, policy),
    grantedOrigin: (headers) => grantedOrigin(headers, policy),
    variesByOrigin: !isForPages && !policy.isForAny,
  };
};

/** Headers that a page of another origin may read, besides those that CORS always allows. */
const EXPOSED_HEADERS = 'content-disposition, content-range, etag, retry-after, x-request-id';
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const HEADER_LIST = /^[\w\s,-]{1,1000}$/;
const PREFLIGHT_SECONDS = '600';

type AnswerHeaders = Record<string, string | number>;

const allowOrigin = (headers: AnswerHeaders, granted: string): void => {
  headers['access-control-allow-origin'] = granted;
  headers['access-control-expose-headers'] = EXPOSED_HEADERS;
  if (granted !== '*') headers['access-control-allow-credentials'] = 'true';
};

const allowRequest = (headers: AnswerHeaders, wanted: string | null): void => {
  headers['access-control-allow-methods'] = METHODS;
  headers['access-control-max-age'] = PREFLIGHT_SECONDS;
  if (wanted !== null && HEADER_LIST.test(wanted)) headers['access-control-allow-headers'] = wanted;
};

const isPreflight = ({ method, headers }: Request): boolean =>
  method === 'OPTIONS' && headers.has('access-control-request-method');

/**
 * Rejects callers that are not allowed, and sets the CORS headers for pages of allowed origins.
 * @param closesSockets a path prefix to leave alone: its route rejects an upgrade by a close code, since browsers hide the status
 */
export const callerRoutes = (callers: Callers, closesSockets?: string) =>
  new Elysia({ name: 'callers' })
    .onRequest(({ request, set }) => {
      if (callers.variesByOrigin) set.headers.vary = 'Origin';
      const granted = callers.grantedOrigin(request.headers);
      if (granted) allowOrigin(set.headers as AnswerHeaders, granted);
      const isClosed = closesSockets !== undefined && requestUrl(request.url).pathname.startsWith(closesSockets);
      const fault = isClosed ? undefined : callers.faultOf(request);
      if (fault) throw fault;
      if (!isPreflight(request)) return undefined;
      if (granted) allowRequest(set.headers as AnswerHeaders, request.headers.get('access-control-request-headers'));
      set.status = 204;
      return new Response(null, { status: 204, headers: set.headers as Record<string, string> });
    })
    .onAfterHandle({ as: 'global' }, ({ responseValue }) => {
      // A `Response` of a route replaces the `Vary` that was set above.
      const isOwnAnswer = responseValue instanceof Response && responseValue.headers.has('vary');
      if (callers.variesByOrigin && isOwnAnswer) responseValue.headers.append('vary', 'Origin');
    });
