/**
 * What every service has over HTTP: request ids, logs, CORS, errors as `{detail}`, /health, /ready, /docs, and the metrics of requests
 * (`process/metrics.ts` serves them). Use it first: its hooks run for all routes that are added after it.
 */

import { type AnyElysia, Elysia, NotFoundError } from 'elysia';
import { type DocsOptions, docsRoutes } from '../contract/docs.ts';
import { errors } from '../errors/errors.ts';
import { errorBody, Failure } from '../errors/failure.ts';
import { requestUrl } from '../network/request-url.ts';
import type { Health } from '../process/health.ts';
import { errorFields, type Log } from '../process/log.ts';
import { type Metrics, requestMetrics, statusOf } from '../process/metrics.ts';
import { type BodyRules, JSON_ONLY, judgeBody } from './bodies.ts';
import { type Callers, callerRoutes } from './callers.ts';
import { toFailure } from './failures.ts';
import { healthRoutes } from './health.ts';
import { otherMethods } from './methods.ts';
import { boundBody, requireUtf8Address } from './reading.ts';
import { slashes } from './slashes.ts';

export interface PlatformDeps {
  readonly service: string;
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly docs: DocsOptions;
  /** True unless given. */
  readonly hasDocs?: boolean;
  readonly callers: Callers;
  /** Which request bodies are accepted; JSON of at most 256 KB unless given. */
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

/** The caller's `X-Request-Id` if it is well-formed, else a new id. */
const requestIdOf = (request: Request): string => {
  const given = request.headers.get('x-request-id');
  return given && REQUEST_ID.test(given) ? given : crypto.randomUUID();
};

/** @param allowed the methods that the address takes, when it doesn't take the request's */
const failureOf = (error: unknown, { url, method }: Request, allowed: readonly string[]): Failure =>
  allowed.length === 0
    ? toFailure(error, url)
    : new Failure(errors.method_not_allowed, `This address takes ${allowed.join(', ')}, not ${method}`);

const errorRoutes = (log: Log) => {
  let app: AnyElysia | undefined;

  return new Elysia({ name: 'errors' })
    .onStart((started) => {
      app = started;
    })
    .onError({ as: 'global' }, ({ error, request, set }) => {
      const allowed = app && error instanceof NotFoundError ? otherMethods(app, request) : [];
      if (allowed.length > 0) set.headers.allow = allowed.join(', ');
      const failure = failureOf(error, request, allowed);
      if (failure.status >= 500)
        logFailure(log, failure, { request_id: set.headers['x-request-id'], method: request.method });
      set.status = failure.status;
      if (failure.retryAfter !== undefined) set.headers['retry-after'] = failure.retryAfter;
      return errorBody(failure);
    });
};

const logFailure = (log: Log, failure: Failure, request: Record<string, unknown>): void => {
  const level = failure.status === 500 ? 'error' : 'warn';
  // No stack for a deliberate refusal such as `overloaded`: under load there are thousands, all thrown at the same line.
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
}: PlatformDeps) =>
  new Elysia({ name: 'platform' })
    .onRequest(({ request, set }) => {
      set.headers['x-request-id'] = requestIdOf(request);
      set.headers['x-content-type-options'] = 'nosniff';
      // Answers may differ by user, and caches don't know how a user was proven. A route may set another value.
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
