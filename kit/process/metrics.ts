/** `GET /metrics` for Prometheus, on a separate port. Each service has its own registry, so that several can run in one process. */

import { Elysia } from 'elysia';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { hostNameOf, isLoopback } from '../network/loopback.ts';
import { requestUrl } from '../network/request-url.ts';

export interface Metrics {
  readonly registry: Registry;
}

/** A registry whose series have the label `service`, with the process metrics that the runtime offers. */
export const createMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  return { registry };
};

/** The status of the answer: a `Response` has its own. */
export const statusOf = (answer: unknown, set: number | string | undefined): number | string =>
  answer instanceof Response ? answer.status : (set ?? 200);

/** Measures every request by method, route pattern and status. */
export const requestMetrics = ({ registry }: Metrics) => {
  const durations = new Histogram({
    name: 'parley_http_request_duration_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const startedAt = new WeakMap<Request, number>();
  return new Elysia({ name: 'metrics' })
    .onRequest(({ request }) => {
      startedAt.set(request, performance.now());
    })
    .onAfterResponse({ as: 'global' }, ({ request, route, set, responseValue }) => {
      const start = startedAt.get(request);
      if (start === undefined) return;
      const labels = {
        method: request.method,
        route: route || 'unmatched',
        status: String(statusOf(responseValue, set.status)),
      };
      durations.observe(labels, (performance.now() - start) / 1_000);
    });
};

export interface MetricsServer {
  /** For example `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Views of a running process for operators: for each path a function whose result is answered as JSON. */
export type Looks = Readonly<Record<string, () => object>>;

/** Serves `/metrics` and these looks. @throws the error of the listener if the port is taken */
export const serveMetrics = (
  { registry }: Metrics,
  hostname: string,
  port: number,
  looks: Looks = {},
): MetricsServer => {
  const isOnLoopback = isLoopback(hostname);
  const server = Bun.serve({
    hostname,
    port,
    fetch: async ({ url, method, headers }) => {
      // On loopback another host name means DNS rebinding.
      if (isOnLoopback && !isLoopback(hostNameOf(headers.get('host') ?? '')))
        return new Response(null, { status: 403 });
      const { pathname } = requestUrl(url);
      const look = Object.hasOwn(looks, pathname) ? looks[pathname] : undefined;
      if (method !== 'GET' || (pathname !== '/metrics' && !look)) return new Response(null, { status: 404 });
      if (look) return Response.json(look(), { headers: { 'cache-control': 'no-store' } });
      return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
    },
  });
  return {
    url: `http://${hostname === '0.0.0.0' ? 'localhost' : hostname}:${server.port}/metrics`,
    stop: () => server.stop(true),
  };
};
