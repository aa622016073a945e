/** The chat process: reads the configuration, opens the stores, listens. */

import { type Environment, parseConfig } from '@parley/kit/process/config';
import { createLog } from '@parley/kit/process/log';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { openBus } from '@parley/kit/stores/bus.open';
import { openDatabase } from '@parley/kit/stores/database.open';
import { createChat } from './app.ts';
import { ChatVariables } from './config.ts';
import { migrations } from './db/migrations/index.ts';
import { openRoster } from './roster/roster.open.ts';

/**
 * @param open opens the roster; tests pass one whose timing they control
 * @throws {ConfigError} @throws {PortTaken}
 */
export const startChat = (env: Environment, open: typeof openRoster = openRoster): RunningService => {
  const config = parseConfig(ChatVariables, env);
  const log = createLog('chat', config.logLevel);
  const database = openDatabase({ url: config.databaseUrl, log, poolSize: config.databasePoolSize });
  const bus = openBus(config.redisUrl, log);
  const roster = open(config.redisUrl, log);
  return startService({
    name: 'chat',
    config,
    log,
    service: createChat({ config, database, bus, roster, log }),
    stores: [bus, roster, database],
    prepare: () => database.migrate('chat', migrations),
  });
};

if (import.meta.main) await runProcess((env) => startChat(env));
