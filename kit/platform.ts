/**
 * What every service's HTTP side has: request ids, logs, CORS, errors as `{detail}`, /health, /ready, /metrics, /docs.
 * Use it first: its hooks hold for all routes that come after.
 */
import { cors } from '@elysiajs/cors';
import { Elysia, NotFoundError } from 'elysia';
import { type DocsOptions, docsRoutes } from './docs.ts';
import { errorBody, Failure } from './errors.ts';
import { toFailure } from './failures.ts';
import { type Health, healthRoutes } from './health.ts';
import { errorFields, type Log } from './log.ts';
import { createMethodTable } from './methods.ts';
import { type Metrics, metricsRoutes, statusOf } from './metrics.ts';
import { holdToUtf8 } from './utf8.ts';

export interface PlatformOptions {
  readonly service: string;
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly docs: DocsOptions;
  /** `*`, or origins separated by commas; empty for none but our own. */
  readonly corsOrigin: string;
}

/** What a page of another origin may read of an answer, beyond what every page may. */
const EXPOSED_HEADERS = ['content-disposition', 'content-range', 'etag', 'retry-after', 'x-request-id'];

/** The most that a body may have, files aside: those are measured while they stream. Below the server's own limit, whose 413 has no words. */
export const MAX_BODY_BYTES = 256 * 1_024;

/** @throws {Failure} `too_large` by the length that the client tells; one that tells none meets the server's limit */
const holdToSize = ({ headers }: Request): void => {
  if (headers.get('content-type')?.startsWith('multipart/form-data')) return;
  if (Number(headers.get('content-length')) <= MAX_BODY_BYTES) return;
  throw new Failure(
    'too_large',
    `The body is larger than the ${MAX_BODY_BYTES / 1_024} KB that are taken here; send less at once`,
  );
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
    return new Failure('method_not_allowed', `This address takes ${headers.allow}, not ${request.method}`);
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
      const retryAfterMs = failure.fields.retry_after_ms;
      if (typeof retryAfterMs === 'number') set.headers['retry-after'] = String(Math.ceil(retryAfterMs / 1_000));
      return errorBody(failure);
    });
};

const logFailure = (log: Log, failure: Failure, request: Record<string, unknown>): void => {
  const level = failure.status === 500 ? 'error' : 'warn';
  log[level]({ event: 'request_failed', code: failure.code, ...request, ...errorFields(failure.cause ?? failure) });
};

/** Lets pages of other origins call. With none named, the plugin would still greet callers without an origin. */
const otherOrigins = (corsOrigin: string) => {
  if (corsOrigin === '') return new Elysia({ name: 'cors' });
  return cors({
    origin: corsOrigin === '*' ? '*' : corsOrigin.split(',').map((origin) => origin.trim()),
    credentials: corsOrigin !== '*',
    exposeHeaders: EXPOSED_HEADERS,
  });
};

export const platform = ({ service, log, health, metrics, docs, corsOrigin }: PlatformOptions) =>
  new Elysia({ name: 'platform' })
    .onRequest(({ request, set }) => {
      set.headers['x-request-id'] = requestIdOf(request);
      set.headers['x-content-type-options'] = 'nosniff';
      holdToUtf8(request);
      holdToSize(request);
    })
    .use(errorRoutes(log))
    .use(otherOrigins(corsOrigin))
    .onRequest(({ set }) => {
      // The plugin says `Vary: *` when any origin may call, and nothing with it is ever taken from a cache: but then no answer varies.
      if (set.headers.vary === '*') delete set.headers.vary;
    })
    .use(metricsRoutes(metrics))
    .use(healthRoutes(service, health))
    .use(docsRoutes(docs))
    .onAfterResponse({ as: 'global' }, ({ request, set, route, responseValue }) => {
      log.debug({
        event: 'request',
        request_id: set.headers['x-request-id'],
        method: request.method,
        route,
        status: statusOf(responseValue, set.status),
      });
    });

export { Failure };
