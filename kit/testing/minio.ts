/** MinIO for tests. */
import { join } from 'node:path';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram, freePort } from './programs.ts';
import { newFolder } from './run-folder.ts';
import type { MinioServer } from './servers.ts';

export const findMinio = () => findProgram('minio');

const PROBE_TIMEOUT_MS = 1_000;

/** @throws while MinIO doesn't answer */
export const probeMinio = async (endpoint: string): Promise<void> => {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const { ok, status } = await fetch(`http://${endpoint}/minio/health/cluster`, { signal });
  if (!ok) throw new Error(`MinIO answers ${status}`);
};

export const startMinioProgram = (program: string): Promise<MinioServer> =>
  onFreePort(async () => {
    const endpoint = `127.0.0.1:${freePort()}`;
    const folder = newFolder('minio');
    const keys = { accessKey: 'parley-test', secretKey: crypto.randomUUID() };
    const server = await startProgram({
      url: `http://${endpoint}`,
      folder,
      command: [program, 'server', join(folder, 'data'), '--address', endpoint, '--certs-dir', join(folder, 'certs')],
      env: { MINIO_ROOT_USER: keys.accessKey, MINIO_ROOT_PASSWORD: keys.secretKey, MINIO_BROWSER: 'off' },
      stopSignal: 'SIGTERM',
      probe: () => probeMinio(endpoint),
    });
    return { ...server, ...keys, endpoint };
  });
