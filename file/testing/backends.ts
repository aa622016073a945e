/** The service on each of its pairs of stores, for tests that must hold on all. */

import { rmSync } from 'node:fs';
import type { Environment } from '@parley/kit/process/config';
import type { RunningService } from '@parley/kit/process/run';
import { newFolder } from '@parley/testing/run/run-folder';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { freshDatabase, type Need, startMinio } from '@parley/testing/servers/servers';
import { startFile } from '../main.ts';

export interface Stores {
  /** The variables that name the stores. */
  readonly env: Environment;
  close(): Promise<void>;
}

export interface Backend {
  readonly name: string;
  readonly needs: readonly Need[];
  open(): Promise<Stores>;
}

const openServers = async (): Promise<Stores> => {
  const [database, minio] = await Promise.all([freshDatabase(), startMinio()]);
  return {
    env: {
      DATABASE_URL: database.url,
      MINIO_ENDPOINT: minio.endpoint,
      MINIO_ACCESS_KEY: minio.accessKey,
      MINIO_SECRET_KEY: minio.secretKey,
      MINIO_BUCKET: `test-${crypto.randomUUID()}`,
    },
    close: async () => {
      await Promise.all([database.drop(), minio.close()]);
    },
  };
};

export const openEmbedded = async (): Promise<Stores> => {
  const folder = newFolder('file-objects');
  return {
    env: { DATABASE_URL: newEmbeddedUrl(), STORAGE_DIR: folder },
    close: async () => rmSync(folder, { recursive: true }),
  };
};

export const backends: readonly Backend[] = [
  { name: 'Postgres and MinIO', needs: ['postgres', 'minio'], open: openServers },
  { name: 'the embedded stores', needs: [], open: openEmbedded },
];

/** A ready service on these stores, silent, at a free port. */
export const startReady = async (env: Environment): Promise<RunningService> => {
  const service = startFile({ PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'silent', SWEEP_INTERVAL_MS: '0', ...env });
  await service.ready;
  return service;
};
