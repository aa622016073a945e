/** The file service as a process: reads its variables, opens its stores, listens. */
import { type Environment, parseConfig } from '@parley/kit/config';
import { openDatabase } from '@parley/kit/database';
import { createHealth } from '@parley/kit/health';
import { createIdentity } from '@parley/kit/identity';
import { createLog } from '@parley/kit/log';
import { createMetrics } from '@parley/kit/metrics';
import { type RunningService, runProcess, startService } from '@parley/kit/run';
import { createFile } from './app.ts';
import { FileVariables, typesOf } from './config.ts';
import { migrations } from './db/migrations/index.ts';
import { createFileMetrics } from './metrics.ts';
import { openObjectStore } from './objects/store.ts';

/** Above every limit of a file: what is too large is refused while it streams in, with an answer that says so. */
const MAX_BODY_BYTES = Number.MAX_SAFE_INTEGER;

export const startFile = (env: Environment): RunningService => {
  const config = parseConfig(FileVariables, env);
  const log = createLog('file', config.logLevel);
  const { databaseUrl, databasePoolSize } = config;
  const database = openDatabase({ url: databaseUrl, log, poolSize: databasePoolSize });
  const objects = openObjectStore(config, log);
  const identity = createIdentity(config.authSecret);
  const health = createHealth({
    database: () => database.probe(),
    minio: () => objects.probe(),
    bucket: () => config.storageDir ?? config.minioBucket,
  });
  const metrics = createMetrics('file');
  const app = createFile({
    ...config,
    database,
    objects,
    identity,
    log,
    health,
    metrics,
    fileMetrics: createFileMetrics(metrics),
    limits: { ...config, allowedTypes: typesOf(config.allowedTypes) },
  });

  if (identity.isOpen) log.warn({ event: 'open_contract', detail: 'AUTH_SECRET is not set: anyone may act as anyone' });
  return startService({
    ...config,
    name: 'file',
    app,
    log,
    health,
    maxBodyBytes: MAX_BODY_BYTES,
    prepare: async () => {
      await database.migrate('file', migrations);
    },
    close: async () => {
      objects.close();
      await database.close();
    },
  });
};

if (import.meta.main) await runProcess(startFile);
