/** file, wired: uploads, downloads, thumbnails and sweeps over the stores it is given. */
import { type BodyRules, JSON_ONLY } from '@parley/kit/http/bodies';
import { createCallers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import { openIdentity } from '@parley/kit/identity/identity';
import { createHealth } from '@parley/kit/process/health';
import type { Log } from '@parley/kit/process/log';
import { createMetrics } from '@parley/kit/process/metrics';
import type { Database } from '@parley/kit/stores/database';
import { Elysia } from 'elysia';
import { type FileConfig, typesOf } from './config.ts';
import { createDownloads } from './download/download.ts';
import { downloadRoutes } from './download/routes.ts';
import { fileRoutes } from './files/routes.ts';
import { createFileStore, type FileStore } from './files/store.ts';
import { thumbnailRoutes } from './images/routes.ts';
import { Thumbnails } from './images/thumbnails.ts';
import { createFileMetrics, type FileMetrics } from './metrics.ts';
import type { ObjectStore } from './objects/store.ts';
import packageJson from './package.json' with { type: 'json' };
import { createLeases } from './sweep/lease.ts';
import { scheduleSweeps } from './sweep/schedule.ts';
import { createSweep } from './sweep/sweep.ts';
import { uploadRoutes } from './upload/routes.ts';
import { type UploadLimits, Uploads } from './upload/uploads.ts';

export interface FileDeps {
  readonly config: FileConfig;
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly log: Log;
}

const docs = {
  title: 'Parley file service',
  description: 'Takes files into an object store (MinIO or S3) and gives them out again, with thumbnails of images.',
  version: packageJson.version,
  serverUrl: '.',
} as const;

/** An upload is read as a stream: its route bounds it and judges its type. */
const bodies: BodyRules = {
  ...JSON_ONLY,
  exceptions: [{ method: 'POST', path: /^\/upload\/?$/, types: 'any', maxBytes: 'none' }],
};

/** Bun's HTTP server rejects no body by its size: the upload route itself rejects a file that is too large, and says why. */
const MAX_BODY_BYTES = Number.MAX_SAFE_INTEGER;

const createFileHealth = ({ config, database, objects }: FileDeps) =>
  createHealth(
    {
      postgres: () => database.probe(),
      minio: () => objects.probe(),
      // A folder's path is not shown to callers.
      bucket: () => (config.storageDir === undefined ? config.minioBucket : 'embedded'),
    },
    { needs: ['postgres', 'minio'] },
  );

/** The periodic sweep; it begins with `start`. */
const createSweeps = ({ config, database, objects, log }: FileDeps, files: FileStore, metrics: FileMetrics) => {
  const leases = createLeases(database);
  const sweep = createSweep({ files, objects, leases, log, graceMs: config.sweepGraceMs, metrics });
  let schedule: ReturnType<typeof scheduleSweeps> | undefined;
  return {
    start: (): void => {
      schedule = scheduleSweeps(sweep, leases, config.sweepIntervalMs, log);
    },
    stop: async () => schedule?.stop(),
  };
};

export const createFile = (deps: FileDeps) => {
  const { config, database, objects, log } = deps;
  const metrics = createMetrics('file');
  const fileMetrics = createFileMetrics(metrics);
  const identity = openIdentity(config, log);
  const callers = createCallers(config);
  const health = createFileHealth(deps);
  const hasDocs = config.apiDocs === 'on';
  const limits: UploadLimits = { ...config, allowedTypes: typesOf(config.allowedTypes) };
  const files = createFileStore(database);
  const sweeps = createSweeps(deps, files, fileMetrics);
  const uploads = new Uploads({ files, objects, limits, metrics: fileMetrics });
  const downloads = createDownloads(objects, config.wholeDownloadBytes);
  const thumbnails = new Thumbnails({
    objects,
    concurrency: config.thumbnailConcurrency,
    memoryBytes: config.thumbnailMemoryBytes,
    timeoutMs: config.thumbnailTimeoutMs,
    maxImagePixels: limits.maxImagePixels,
    onMade: (outcome) => fileMetrics.thumbnails.inc({ outcome }),
  });

  const app = new Elysia({ name: 'file', strictPath: true })
    .use(platform({ service: 'file', log, health, metrics, docs, hasDocs, callers, bodies }))
    .use(uploadRoutes({ uploads, limits, identity }))
    .use(fileRoutes({ files, objects, identity }))
    .use(downloadRoutes({ files, downloads, identity, metrics: fileMetrics }))
    .use(thumbnailRoutes({ files, thumbnails, identity }));

  return { app, health, metrics, maxBodyBytes: MAX_BODY_BYTES, start: sweeps.start, drain: sweeps.stop };
};
