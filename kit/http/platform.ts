/**
 * What every service's HTTP side has: request ids, logs, CORS, errors as `{detail}`, /health, /ready, /docs. Metrics are counted here, and served elsewhere.
 * Use it first: its hooks hold for all routes that come after.
 */

import { Elysia, NotFoundError } from 'elysia';
import { type DocsOptions, docsRoutes } from '../contract/docs.ts';
import { errors } from '../errors/errors.ts';
import { errorBody, Failure } from '../errors/failure.ts';
import { requestUrl } from '../network/request-url.ts';
import { type Health, healthRoutes } from '../process/health.ts';
import { errorFields, type Log } from '../process/log.ts';
import { type Metrics, requestMetrics, statusOf } from '../process/metrics.ts';
import { type BodyRules, JSON_ONLY, judgeBody } from './bodies.ts';
import { type Callers, callerRoutes } from './callers.ts';
import { toFailure } from './failures.ts';
import { createMethodTable } from './methods.ts';
import { boundBody, requireUtf8Address } from './reading.ts';
import { slashes } from './slashes.ts';

export interface PlatformOptions {
  readonly service: string;
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly docs: DocsOptions;
  /** Unless given, there are docs. */
  readonly hasDocs?: boolean;
  readonly callers: Callers;
  /** What bodies may be; JSON of at most 256 KB unless given. */
  readonly bodies?: BodyRules;
  /** See `callerRoutes`. */
  readonly closesSockets?: string;
}

const hasBody = ({ headers }: Request): boolean => headers.get('content-length') !== '0';

/** @throws {Failure} `too_large`, `wrong_media_type` */
const holdToBody = (rules: BodyRules, request: Request): void => {
  if (request.method === 'GET' || request.method === 'HEAD' || !hasBody(request)) return;
  const judged = judgeBody(rules, request.method, requestUrl(request.url).pathname, request.headers);
  // The framework chooses its parser by this header.
  if (judged.isJson) request.headers.set('content-type', 'application/json');
  boundBody(request, judged);
};

const REQUEST_ID = /^[\w.-]{1,64}$/;

/** The caller's `X-Request-Id` if it is a sane one, else a new one. */
const requestIdOf = (request: Request): string => {
  const given = request.headers.get('x-request-id');
  return given && REQUEST_ID.test(given) ? given : crypto.randomUUID();
};

const errorRoutes = (log: Log) => {
  const methods = createMethodTable();

  const failureOf = (error: unknown, request: Request, headers: Record<string, unknown>): Failure => {
    const failure = toFailure(error, request.url);
    const others = error instanceof NotFoundError ? methods.othersOf(request) : [];
    if (others.length === 0) return failure;
    headers.allow = others.join(', ');
    return new Failure(errors.method_not_allowed, `This address takes ${headers.allow}, not ${request.method}`);
  };

  return new Elysia({ name: 'errors' })
    .onStart((app) => {
      methods.app = app;
    })
    .onError({ as: 'global' }, ({ error, request, set }) => {
      const failure = failureOf(error, request, set.headers);
      if (failure.status >= 500)
        logFailure(log, failure, { request_id: set.headers['x-request-id'], method: request.method });
      set.status = failure.status;
      if (failure.retryAfter !== undefined) set.headers['retry-after'] = failure.retryAfter;
      return errorBody(failure);
    });
};

const logFailure = (log: Log, failure: Failure, request: Record<string, unknown>): void => {
  const level = failure.status === 500 ? 'error' : 'warn';
  // A refusal that we chose, such as `overloaded`, happens in numbers under load: where it was thrown says nothing.
  const isChosen = failure.cause === undefined && failure.status !== 500;
  const fields = isChosen ? { error: failure.detail } : errorFields(failure.cause ?? failure);
  log[level]({ event: 'request_failed', code: failure.code, ...request, ...fields });
};

export const platform = ({
  service,
  log,
  health,
  metrics,
  docs,
  hasDocs = true,
  callers,
  bodies = JSON_ONLY,
  closesSockets,
}: PlatformOptions) =>
  new Elysia({ name: 'platform' })
    .onRequest(({ request, set }) => {
      set.headers['x-request-id'] = requestIdOf(request);
      set.headers['x-content-type-options'] = 'nosniff';
      // An answer is for whoever asked, whatever proved them, unless its route says for how long others may have it.
      set.headers['cache-control'] = 'no-store';
      requireUtf8Address(request.url);
    })
    .use(slashes())
    .use(errorRoutes(log))
    .use(callerRoutes(callers, closesSockets))
    .onRequest(({ request }) => holdToBody(bodies, request))
    .use(requestMetrics(metrics))
    .use(healthRoutes(service, health))
    .use(hasDocs ? docsRoutes(docs) : new Elysia({ name: 'docs' }))
    .onAfterResponse({ as: 'global' }, ({ request, set, route, responseValue }) => {
      log.debug({
        event: 'request',
        request_id: set.headers['x-request-id'],
        method: request.method,
        route,
        status: statusOf(responseValue, set.status),
      });
    });
