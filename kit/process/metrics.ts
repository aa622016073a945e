/** `GET /metrics` for Prometheus, on a port of its own. Each service has a registry of its own, so that several fit one process. */

import { Elysia } from 'elysia';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { hostNameOf, isLoopback } from '../network/loopback.ts';
import { requestUrl } from '../network/request-url.ts';

export interface Metrics {
  readonly registry: Registry;
}

/** A registry whose series carry the label `service`. Process metrics are added where the runtime gives them. */
export const createMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  return { registry };
};

/** The status that went out: a `Response` carries its own. */
export const statusOf = (answer: unknown, set: number | string | undefined): number | string =>
  answer instanceof Response ? answer.status : (set ?? 200);

/** Counts every request by method, route pattern and status. */
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
  /** Where Prometheus reads: `http://127.0.0.1:9464/metrics`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** What operators may look at in a running process: by path, a function whose value is answered as JSON. */
export type Looks = Readonly<Record<string, () => object>>;

/** Serves the metrics of one registry and these looks, and nothing else. @throws the listener's error when the port is taken */
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
      // Another name of a loopback address comes by DNS rebinding.
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
