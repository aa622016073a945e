/** The notification process: reads the configuration, opens the stores, listens. */

import type { Environment } from '@parley/kit/process/config';
import { createLog, type Log } from '@parley/kit/process/log';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { openBus } from '@parley/kit/stores/bus.open';
import { openDatabase } from '@parley/kit/stores/database.open';
import { createNotification } from './app.ts';
import { type NotificationConfig, readConfig } from './config.ts';
import { migrations } from './db/migrations/index.ts';

/**
 * @param clock ms since 1970
 * @throws {ConfigError} @throws {PortTaken}
 */
export const startNotification = (env: Environment, clock: () => number = Date.now): RunningService => {
  const config = readConfig(env);
  const log = createLog('notification', config.logLevel);
  const database = openDatabase({ url: config.databaseUrl, log, poolSize: config.databasePoolSize });
  const bus = openBus(config.redisUrl, log);
  warnOfWhatIsOff(config, log);
  return startService({
    name: 'notification',
    config,
    log,
    service: createNotification({ config, database, bus, log, clock }),
    stores: [bus, database],
    prepare: () => database.migrate('notification', migrations),
  });
};

const warnOfWhatIsOff = ({ vapid }: NotificationConfig, log: Log): void => {
  if (!vapid) log.warn({ event: 'push_disabled', advice: 'Set VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY for Web Push' });
};

if (import.meta.main) await runProcess(startNotification);
