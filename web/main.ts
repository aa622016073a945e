/** The front end as a process: reads its variables, opens its stores, listens. */
import { type Environment, parseConfig } from '@parley/kit/process/config';
import { createLog } from '@parley/kit/process/log';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { openDatabase } from '@parley/kit/stores/database.open';
import { createWeb } from './app.ts';
import { brotliQuality, buildAssets } from './assets/build.ts';
import { readAssets } from './assets/folder.ts';
import { WebVariables } from './config.ts';
import { migrations } from './db/migrations/index.ts';

/** @throws {ConfigError} naming every variable at fault, {PortTaken} */
export const startWeb = (env: Environment): RunningService => {
  const config = parseConfig(WebVariables, env);
  const log = createLog('web', config.logLevel);
  const database = openDatabase({ url: config.databaseUrl, log });
  const assets = config.assetsDir ? readAssets(config.assetsDir) : buildAssets(brotliQuality.start);
  return startService({
    ...config,
    ...createWeb({ config, database, assets, log }),
    name: 'web',
    log,
    maxBodyBytes: config.maxUploadBytes,
    prepare: async () => {
      await Promise.all([assets, database.migrate('web', migrations)]);
    },
    close: () => database.close(),
  });
};

if (import.meta.main) await runProcess(startWeb);
