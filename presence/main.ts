/** presence as a process: reads its variables, opens its stores, listens. */
import { createCallers } from '@parley/kit/http/callers';
import { openIdentity } from '@parley/kit/identity/identity';
import { type Environment, parseConfig } from '@parley/kit/process/config';
import { createHealth } from '@parley/kit/process/health';
import { createLog } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { createPresence } from './app.ts';
import { PresenceVariables } from './config.ts';
import { countPeople } from './metrics.ts';
import { createSweeper } from './people/sweeper.ts';
import { openStores } from './stores.ts';

/** @throws {ConfigError} naming every variable at fault, {PortTaken} */
export const startPresence = (env: Environment): RunningService => {
  const config = parseConfig(PresenceVariables, env);
  const log = createLog('presence', config.logLevel);
  const stores = openStores({
    url: config.redisUrl,
    log,
    onlineTtlMs: config.presenceTtlS * 1_000,
    typingTtlMs: config.typingTtlS * 1_000,
  });
  const health = createHealth({ redis: stores.probe }, { needs: ['redis'] });
  const metrics = createMetrics('presence');
  const app = createPresence({
    stores,
    identity: openIdentity(config, log),
    log,
    health,
    metrics,
    callers: createCallers(config),
    hasDocs: config.apiDocs === 'on',
    onlineTtlSeconds: config.presenceTtlS,
  });
  const sweeper = createSweeper({
    people: stores.people,
    log,
    intervalMs: config.sweepIntervalMs,
    onCount: countPeople(metrics),
  });

  return startService({
    name: 'presence',
    app,
    log,
    health,
    metrics,
    metricsPort: config.metricsPort,
    host: config.host,
    port: config.port,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    prepare: async () => {
      await stores.settle();
      sweeper.start();
    },
    drain: sweeper.stop,
    close: stores.close,
  });
};

if (import.meta.main) await runProcess(startPresence);
