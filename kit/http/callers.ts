/** Who may call a service from where, as its configuration says. The platform asks for every request, chat for its sockets too. */

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
  /** @returns why the request is refused, `foreign_host` or `foreign_origin`; undefined when it may come */
  faultOf(request: Request): Failure | undefined;
  /** The origin that may read the answer: `*`, one origin, or none. */
  grantedOrigin(headers: Headers): string | undefined;
  /** The answers' CORS headers differ by `Origin`, which caches must know. */
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

/** What a page of another origin may read of an answer, beyond what every page may. */
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
 * Refuses what may not come, and lets pages of granted origins read answers (CORS).
 * @param closesSockets a path prefix whose upgrades its route refuses itself, by a close code: a browser can't see a status
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
      // A route's own `Vary` would replace the one above.
      const isOwnAnswer = responseValue instanceof Response && responseValue.headers.has('vary');
      if (callers.variesByOrigin && isOwnAnswer) responseValue.headers.append('vary', 'Origin');
    });
