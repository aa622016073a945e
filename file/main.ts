/** The file process: reads the configuration, opens the stores, listens. */
import { type Environment, parseConfig } from '@parley/kit/process/config';
import { createLog } from '@parley/kit/process/log';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { openDatabase } from '@parley/kit/stores/database.open';
import { createFile } from './app.ts';
import { FileVariables } from './config.ts';
import { migrations } from './db/migrations/index.ts';
import { openObjectStore } from './objects/store.open.ts';

/** @throws {ConfigError} @throws {PortTaken} */
export const startFile = (env: Environment): RunningService => {
  const config = parseConfig(FileVariables, env);
  const log = createLog('file', config.logLevel);
  const database = openDatabase({ url: config.databaseUrl, log, poolSize: config.databasePoolSize });
  const objects = openObjectStore(config, log);
  return startService({
    name: 'file',
    config,
    log,
    service: createFile({ config, database, objects, log }),
    stores: [objects, database],
    prepare: () => database.migrate('file', migrations),
  });
};

if (import.meta.main) await runProcess(startFile);
