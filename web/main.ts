/** The front end as a process. */
import { createCallers } from '@parley/kit/http/callers';
import { openIdentity } from '@parley/kit/identity/identity';
import { type Environment, parseConfig } from '@parley/kit/process/config';
import { createHealth } from '@parley/kit/process/health';
import { createLog } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { openDatabase } from '@parley/kit/stores/database';
import { createSessions } from './accounts/session.ts';
import { createAccountStore } from './accounts/store.ts';
import { createWeb } from './app.ts';
import { brotliQuality, buildAssets } from './assets/build.ts';
import { readAssets } from './assets/folder.ts';
import { WebVariables } from './config.ts';
import { migrations } from './db/migrations/index.ts';
import { observeCalls } from './metrics.ts';
import { createServices } from './services/clients.ts';

/** @throws {ConfigError} @throws {PortTaken} */
export const startWeb = (env: Environment): RunningService => {
  const config = parseConfig(WebVariables, env);
  const log = createLog('web', config.logLevel);
  openIdentity(config, log);
  const database = openDatabase({ url: config.databaseUrl, log });
  const health = createHealth({ postgres: database.probe }, { needs: ['postgres'] });
  const sessions = createSessions({
    secret: config.authSecret,
    lifetimeDays: config.sessionDays,
    isSecure: config.cookieSecure,
  });
  const metrics = createMetrics('web');
  const assets = config.assetsDir ? readAssets(config.assetsDir) : buildAssets(brotliQuality.start);
  const app = createWeb({
    log,
    health,
    metrics,
    sessions,
    accounts: createAccountStore(database),
    servicesFor: createServices(config, observeCalls(metrics)),
    assets,
    isSecure: config.cookieSecure,
    callers: createCallers(config, true),
    hasDocs: config.apiDocs === 'on',
    maxUploadBytes: config.maxUploadBytes,
    signInLimits: { perSecond: config.signInsPerSecond, burst: config.signInsBurst },
  });
  return startService({
    name: 'web',
    app,
    log,
    health,
    metrics,
    metricsPort: config.metricsPort,
    host: config.host,
    port: config.port,
    shutdownTimeoutMs: config.shutdownTimeoutMs,
    maxBodyBytes: config.maxUploadBytes,
    prepare: async () => {
      await Promise.all([assets, database.migrate('web', migrations)]);
    },
    close: () => database.close(),
  });
};

if (import.meta.main) await runProcess(startWeb);
