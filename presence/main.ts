/** The presence process: reads the configuration, opens the stores, listens. */
import { type Environment, parseConfig } from '@parley/kit/process/config';
import { createLog } from '@parley/kit/process/log';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { createPresence } from './app.ts';
import { PresenceVariables } from './config.ts';
import { openStores } from './stores.ts';

/** @throws {ConfigError} @throws {PortTaken} */
export const startPresence = (env: Environment): RunningService => {
  const config = parseConfig(PresenceVariables, env);
  const log = createLog('presence', config.logLevel);
  const stores = openStores({
    url: config.redisUrl,
    log,
    onlineTtlMs: config.presenceTtlS * 1_000,
    typingTtlMs: config.typingTtlS * 1_000,
  });
  return startService({
    name: 'presence',
    config,
    log,
    service: createPresence({ config, stores, log }),
    stores: [stores],
    prepare: () => stores.connected(),
  });
};

if (import.meta.main) await runProcess(startPresence);
