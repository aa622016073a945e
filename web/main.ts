/** The web process: reads the configuration, opens the store, builds or reads the assets, listens. */
import { type Environment, parseConfig } from '@parley/kit/process/config';
import { createLog } from '@parley/kit/process/log';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { openDatabase } from '@parley/kit/stores/database.open';
import { createWeb } from './app.ts';
import { brotliQuality, buildAssets } from './assets/build.ts';
import { readAssets } from './assets/folder.ts';
import { WebVariables } from './config.ts';
import { migrations } from './db/migrations/index.ts';

/** @throws {ConfigError} @throws {PortTaken} */
export const startWeb = (env: Environment): RunningService => {
  const config = parseConfig(WebVariables, env);
  const log = createLog('web', config.logLevel);
  const database = openDatabase({ url: config.databaseUrl, log });
  const assets = config.assetsDir ? readAssets(config.assetsDir) : buildAssets(brotliQuality.start);
  return startService({
    name: 'web',
    config,
    log,
    service: createWeb({ config, database, assets, log }),
    stores: [database],
    prepare: () => Promise.all([assets, database.migrate('web', migrations)]),
  });
};

if (import.meta.main) await runProcess(startWeb);
