/** presence's HTTP side: who is online, who is typing. */
import { type BodyRules, JSON_ONLY } from '@parley/kit/http/bodies';
import type { Callers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import type { Identity } from '@parley/kit/identity/identity';
import type { Health } from '@parley/kit/process/health';
import type { Log } from '@parley/kit/process/log';
import type { Metrics } from '@parley/kit/process/metrics';
import { Elysia } from 'elysia';
import packageJson from './package.json' with { type: 'json' };
import { peopleRoutes } from './people/routes.ts';
import type { PresenceStores } from './stores.ts';
import { typingRoutes } from './typing/routes.ts';

export interface PresenceParts {
  readonly stores: Pick<PresenceStores, 'people' | 'typing'>;
  readonly identity: Identity;
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly callers: Callers;
  readonly hasDocs: boolean;
  readonly onlineTtlSeconds: number;
}

const docs = {
  title: 'Parley presence',
  description: 'Who is online and who is typing. Whoever stops sending heartbeats goes offline by themselves.',
  version: packageJson.version,
  serverUrl: '..',
} as const;

/** No route here reads a body, so that a beacon may carry any: what matters is in the address. */
const bodies: BodyRules = { ...JSON_ONLY, types: 'any' };

export const createPresence = ({ stores, identity, onlineTtlSeconds, ...parts }: PresenceParts) =>
  new Elysia({ name: 'presence', strictPath: true })
    .use(platform({ service: 'presence', docs, bodies, ...parts }))
    .use(peopleRoutes({ people: stores.people, identity, onlineTtlSeconds }))
    .use(typingRoutes({ typing: stores.typing, identity }));
