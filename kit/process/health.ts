/**
 * `GET /health` (always 200: alive, and how its stores are) and `GET /ready` (503 while starting or stopping, and while a store that the
 * service can't do without takes no writes).
 */
import { Elysia, t } from 'elysia';
import { endpoint, routeOf } from '../contract/contract.ts';
import { errors } from '../errors/errors.ts';
import { Failure } from '../errors/failure.ts';
import { withTimeout } from '../time/timeout.ts';

/** How a store is. `embedded`: there is no server, the store is inside this process. */
export type StoreState = 'connected' | 'embedded' | 'unavailable';

/** Says how a backing service is, in one word: a `StoreState` for a store. Called per request, cut off after a second. */
export type Probe = () => string | Promise<string>;

export interface Health {
  /** False until migrations ran, and again when a stop begins. */
  isReady: boolean;
  readonly probes: Record<string, Probe>;
  /** The probes without whose stores the service answers 503. */
  readonly needs: readonly string[];
}

export const createHealth = <Name extends string>(
  probes: Record<Name, Probe> = {} as Record<Name, Probe>,
  { needs = [] }: { needs?: readonly NoInfer<Name>[] } = {},
): Health => ({ isReady: false, probes, needs });

/** What a store says that can be used. */
const USABLE = new Set(['connected', 'embedded']);

/** The stores that the service waits for. */
const missingStores = async ({ probes, needs }: Health): Promise<string[]> => {
  const words = await readProbes(Object.fromEntries(Object.entries(probes).filter(([name]) => needs.includes(name))));
  return needs.filter((name) => !USABLE.has(words[name] ?? ''));
};

const PROBE_TIMEOUT_MS = 1_000;

const readProbes = async (probes: Record<string, Probe>): Promise<Record<string, string>> => {
  const read = async ([name, probe]: [string, Probe]): Promise<[string, string]> => {
    const word = withTimeout(Promise.resolve().then(probe), PROBE_TIMEOUT_MS).catch(() => 'unavailable');
    return [name, await word];
  };
  return Object.fromEntries(await Promise.all(Object.entries(probes).map(read)));
};

const exampleProbes = (probes: Record<string, Probe>) =>
  Object.fromEntries(Object.keys(probes).map((name) => [name, 'connected']));

const readiness = (ready: boolean, description: string) =>
  t.Object(
    { ready: t.Boolean({ description: 'Whether to send traffic here' }) },
    { description, examples: [{ ready }] },
  );

/** In every service's contract. */
export const readHealth = endpoint({
  method: 'GET',
  path: '/health',
  summary: 'Health',
  description: 'Answers 200 while the process lives; each backing service is a further field.',
  tag: 'operations',
  // The gateway serves it at the document's own path, also where it has the service's nouns elsewhere.
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

/** For operators inside: through a gateway there is nothing here. */
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

/** With an example that names the service and its own stores. */
const healthRoute = (service: string, probes: Record<string, Probe>) => {
  const { detail, ...route } = routeOf(readHealth);
  const answer = readHealth.answers[200];
  const example = { status: 'healthy', service: `${service}-service`, ...exampleProbes(probes) };
  const schema = t.Object(answer.properties, { ...answer, examples: [example] });
  // Written out in `detail` too, because the docs plugin drops "any further field is a text" from an answer's schema.
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
        // However a gateway writes the address.
        if (request.headers.has('x-forwarded-for')) throw new Failure(errors.not_found);
        const isReady = health.isReady && (await missingStores(health)).length === 0;
        return isReady ? { ready: true } : status(503, { ready: false });
      },
      routeOf(readReadiness),
    );
