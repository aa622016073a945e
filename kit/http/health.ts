/**
 * `GET /health` (always 200: the process is alive, with the state of its stores) and `GET /ready` (503 while starting or stopping, and
 * while a store that the service needs takes no writes).
 */
import { Elysia, t } from 'elysia';
import { endpoint, routeOf } from '../contract/contract.ts';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { type Health, missingStores, type Probe, readProbes } from '../process/health.ts';

const exampleProbes = (probes: Record<string, Probe>) =>
  Object.fromEntries(Object.keys(probes).map((name) => [name, 'connected']));

const readiness = (ready: boolean, description: string) =>
  t.Object(
    { ready: t.Boolean({ description: 'Whether to send traffic here' }) },
    { description, examples: [{ ready }] },
  );

/** Part of every service's contract. */
export const readHealth = endpoint({
  method: 'GET',
  path: '/health',
  summary: 'Health',
  description: 'Answers 200 while the process lives; each backing service is a further field.',
  tag: 'operations',
  // At the gateway it stands beside the document, also for a service whose other paths begin elsewhere.
  serverUrl: '.',
  answers: {
    200: t.Object(
      {
        status: t.Literal('healthy', { description: 'Always healthy: the process answers' }),
        service: t.String({ description: 'Which service this is' }),
      },
      {
        additionalProperties: t.String(),
        description: 'Alive; each backing service in one word, such as connected, embedded or unavailable',
      },
    ),
  },
  errors: [],
});

/** For the network of the services: through a gateway it answers 404. */
export const readReadiness = endpoint({
  method: 'GET',
  path: '/ready',
  summary: 'Readiness',
  description:
    '503 while starting or stopping, and while a store that the service needs takes no writes: send no traffic here.',
  tag: 'operations',
  serverUrl: '.',
  answers: { 200: readiness(true, 'Ready'), 503: readiness(false, 'Starting, stopping, or without a store') },
  errors: [],
});

/** The route of `readHealth`, whose example names this service and its stores. */
const healthRoute = (service: string, probes: Record<string, Probe>) => {
  const { detail, ...route } = routeOf(readHealth);
  const answer = readHealth.answers[200];
  const example = { status: 'healthy', service: `${service}-service`, ...exampleProbes(probes) };
  const schema = t.Object(answer.properties, { ...answer, examples: [example] });
  // Repeated in `detail`, because the docs plugin drops `additionalProperties` from a response schema.
  const whole = { ...schema, additionalProperties: t.String() };
  const documented = { description: answer.description ?? '', content: { 'application/json': { schema: whole } } };
  return { ...route, response: { 200: schema }, detail: { ...detail, responses: { 200: documented } } };
};

export const healthRoutes = (service: string, health: Health) =>
  new Elysia({ name: 'health' })
    .route(
      readHealth.method,
      readHealth.path,
      async () => ({ status: 'healthy' as const, service: `${service}-service`, ...(await readProbes(health.probes)) }),
      healthRoute(service, health.probes),
    )
    .route(
      readReadiness.method,
      readReadiness.path,
      async ({ request, status }) => {
        // A gateway adds this header. The path proves nothing: a gateway may rewrite it.
        if (request.headers.has('x-forwarded-for')) throw new Failure(errors.not_found);
        const isReady = health.isReady && (await missingStores(health)).length === 0;
        return isReady ? { ready: true } : status(503, { ready: false });
      },
      routeOf(readReadiness),
    );
