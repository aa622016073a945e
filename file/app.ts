/** The file service over HTTP. */
import { type BodyRules, JSON_ONLY } from '@parley/kit/http/bodies';
import type { Callers } from '@parley/kit/http/callers';
import { platform } from '@parley/kit/http/platform';
import type { Identity } from '@parley/kit/identity/identity';
import type { Health } from '@parley/kit/process/health';
import type { Log } from '@parley/kit/process/log';
import type { Metrics } from '@parley/kit/process/metrics';
import { Elysia } from 'elysia';
import { createDownloads } from './download/download.ts';
import { downloadRoutes } from './download/routes.ts';
import { fileRoutes } from './files/routes.ts';
import type { FileStore } from './files/store.ts';
import { thumbnailRoutes } from './images/routes.ts';
import { createThumbnails } from './images/thumbnails.ts';
import type { FileMetrics } from './metrics.ts';
import type { ObjectStore } from './objects/store.ts';
import { uploadRoutes } from './upload/routes.ts';
import { createUploads, type UploadLimits } from './upload/uploads.ts';

export interface FileParts {
  readonly files: FileStore;
  readonly objects: ObjectStore;
  readonly identity: Identity;
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly fileMetrics: FileMetrics;
  readonly callers: Callers;
  readonly hasDocs: boolean;
  readonly limits: UploadLimits;
  readonly wholeDownloadBytes: number;
  readonly thumbnailConcurrency: number;
  readonly thumbnailMemoryBytes: number;
  readonly thumbnailTimeoutMs: number;
}

const docs = {
  title: 'Parley file service',
  description: 'Takes files into an object store (MinIO or S3) and gives them out again, with thumbnails of images.',
  version: '0.1.0',
  serverUrl: '.',
} as const;

/** An upload is read as a stream: its route bounds it and judges its type. */
const bodies: BodyRules = {
  ...JSON_ONLY,
  exceptions: [{ method: 'POST', path: /^\/upload\/?$/, types: 'any', maxBytes: 'none' }],
};

export const createFile = (parts: FileParts) => {
  const { files, objects, identity, log, health, metrics, fileMetrics, callers, hasDocs, limits } = parts;
  const thumbnails = createThumbnails({
    objects,
    concurrency: parts.thumbnailConcurrency,
    memoryBytes: parts.thumbnailMemoryBytes,
    timeoutMs: parts.thumbnailTimeoutMs,
    maxImagePixels: limits.maxImagePixels,
    onMade: (outcome) => fileMetrics.thumbnails.inc({ outcome }),
  });
  const uploads = createUploads({ files, objects, limits, metrics: fileMetrics });
  const downloads = createDownloads(objects, parts.wholeDownloadBytes);
  return new Elysia({ name: 'file', strictPath: true })
    .use(platform({ service: 'file', log, health, metrics, docs, hasDocs, callers, bodies }))
    .use(uploadRoutes({ uploads, limits, identity }))
    .use(fileRoutes({ files, objects, identity }))
    .use(downloadRoutes({ files, downloads, identity, metrics: fileMetrics }))
    .use(thumbnailRoutes({ files, thumbnails, identity }));
};
