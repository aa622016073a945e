/** `GET /metrics` for Prometheus. Each service has a registry of its own, so that several fit one process. */
import { Elysia } from 'elysia';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

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

/** Serves the metrics and counts every request by method, route pattern and status. */
export const metricsRoutes = ({ registry }: Metrics) => {
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
    })
    .get(
      '/metrics',
      async () => new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
      {
        detail: { hide: true },
      },
    );
};
