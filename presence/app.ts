/** presence, wired: who is online and who is typing, over the stores it is given. */
import { type BodyRules, JSON_ONLY } from '@parley/kit/http/bodies';
import { createCallers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import { openIdentity } from '@parley/kit/identity/identity';
import { createHealth } from '@parley/kit/process/health';
import type { Log } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import { Elysia } from 'elysia';
import type { PresenceConfig } from './config.ts';
import { countPeople } from './metrics.ts';
import packageJson from './package.json' with { type: 'json' };
import { peopleRoutes } from './people/routes.ts';
import { createSweeper } from './people/sweeper.ts';
import type { PresenceStores } from './stores.ts';
import { typingRoutes } from './typing/routes.ts';

export interface PresenceDeps {
  readonly config: PresenceConfig;
  readonly stores: PresenceStores;
  readonly log: Log;
}

const docs = {
  title: 'Parley presence',
  description: 'Who is online and who is typing. A person whose heartbeats stop goes offline.',
  version: packageJson.version,
  serverUrl: '..',
} as const;

/** No route reads a body (everything is in the address), so a beacon's body may have any type. */
const bodies: BodyRules = { ...JSON_ONLY, types: 'any' };

export const createPresence = ({ config, stores, log }: PresenceDeps) => {
  const { people, typing } = stores;
  const metrics = createMetrics('presence');
  const identity = openIdentity(config, log);
  const callers = createCallers(config);
  const health = createHealth({ redis: stores.probe }, { needs: ['redis'] });
  const hasDocs = config.apiDocs === 'on';
  const sweeper = createSweeper({ people, log, intervalMs: config.sweepIntervalMs, onCount: countPeople(metrics) });

  const app = new Elysia({ name: 'presence', strictPath: true })
    .use(platform({ service: 'presence', docs, bodies, log, health, metrics, callers, hasDocs }))
    .use(peopleRoutes({ people, identity, onlineTtlSeconds: config.presenceTtlS }))
    .use(typingRoutes({ typing, identity }));

  return { app, health, metrics, start: sweeper.start, drain: sweeper.stop };
};
