/** The file service as a process: reads its variables, opens its stores, listens. */
import { createCallers } from '@parley/kit/http/callers';
import { openIdentity } from '@parley/kit/identity/identity';
import { type Environment, parseConfig } from '@parley/kit/process/config';
import { createHealth } from '@parley/kit/process/health';
import { createLog } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import { type RunningService, runProcess, startService } from '@parley/kit/process/run';
import { openDatabase } from '@parley/kit/stores/database.open';
import { createFile } from './app.ts';
import { FileVariables, typesOf } from './config.ts';
import { migrations } from './db/migrations/index.ts';
import { createFileStore } from './files/store.ts';
import { createFileMetrics } from './metrics.ts';
import { openObjectStore } from './objects/store.open.ts';
import { createLeases } from './sweep/lease.ts';
import { scheduleSweeps } from './sweep/schedule.ts';
import { createSweep } from './sweep/sweep.ts';

/** Above every limit of a file: what is too large is refused while it streams in, with an answer that says so. */
const MAX_BODY_BYTES = Number.MAX_SAFE_INTEGER;

export const startFile = (env: Environment): RunningService => {
  const config = parseConfig(FileVariables, env);
  const log = createLog('file', config.logLevel);
  const { databaseUrl, databasePoolSize } = config;
  const database = openDatabase({ url: databaseUrl, log, poolSize: databasePoolSize });
  const objects = openObjectStore(config, log);
  const identity = openIdentity(config, log);
  const health = createHealth(
    {
      postgres: () => database.probe(),
      minio: () => objects.probe(),
      // The path of a folder is for nobody outside.
      bucket: () => (config.storageDir === undefined ? config.minioBucket : 'embedded'),
    },
    { needs: ['postgres', 'minio'] },
  );
  const metrics = createMetrics('file');
  const fileMetrics = createFileMetrics(metrics);
  const files = createFileStore(database);
  const leases = createLeases(database);
  const sweep = createSweep({ files, objects, leases, log, graceMs: config.sweepGraceMs, metrics: fileMetrics });
  let sweeps: ReturnType<typeof scheduleSweeps> | undefined;
  const app = createFile({
    ...config,
    files,
    objects,
    identity,
    callers: createCallers(config),
    hasDocs: config.apiDocs === 'on',
    log,
    health,
    metrics,
    fileMetrics,
    limits: { ...config, allowedTypes: typesOf(config.allowedTypes) },
  });

  return startService({
    ...config,
    name: 'file',
    app,
    log,
    health,
    metrics,
    maxBodyBytes: MAX_BODY_BYTES,
    prepare: async () => {
      await database.migrate('file', migrations);
      sweeps = scheduleSweeps(sweep, leases, config.sweepIntervalMs, log);
    },
    drain: async () => sweeps?.stop(),
    close: async () => {
      objects.close();
      await database.close();
    },
  });
};

if (import.meta.main) await runProcess(startFile);
