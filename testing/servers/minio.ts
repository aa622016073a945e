/** MinIO for tests. */
import { join } from 'node:path';
import { newFolder } from '../run/run-folder.ts';
import { startInDocker } from './docker.ts';
import { namedServer } from './named-server.ts';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram, freePort } from './programs.ts';
import { type Kind, start } from './sources.ts';
import type { TestServer } from './test-server.ts';

export interface MinioServer extends TestServer {
  readonly accessKey: string;
  readonly secretKey: string;
  /** `host:port`, the form of MINIO_ENDPOINT. */
  readonly endpoint: string;
}

const VARIABLE = 'TEST_MINIO_ENDPOINT';
const PROBE_TIMEOUT_MS = 1_000;

/** @throws while MinIO doesn't answer */
const probe = async (endpoint: string): Promise<void> => {
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const { ok, status } = await fetch(`http://${endpoint}/minio/health/cluster`, { signal });
  if (!ok) throw new Error(`MinIO answers ${status}`);
};

/** The port, folder and probe of a new server, for a container or a program. */
const newServer = () => {
  const port = freePort();
  const endpoint = `127.0.0.1:${port}`;
  const keys = { accessKey: 'parley-test', secretKey: crypto.randomUUID() };
  const env = { MINIO_ROOT_USER: keys.accessKey, MINIO_ROOT_PASSWORD: keys.secretKey, MINIO_BROWSER: 'off' };
  const folder = newFolder('minio');
  return { port, endpoint, keys, server: { url: `http://${endpoint}`, folder, env, probe: () => probe(endpoint) } };
};

export const minio: Kind<MinioServer> = {
  name: 'minio',
  image: 'quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z',
  named: () => {
    const { [VARIABLE]: endpoint, TEST_MINIO_ACCESS_KEY, TEST_MINIO_SECRET_KEY } = process.env;
    if (!endpoint) return undefined;
    const accessKey = TEST_MINIO_ACCESS_KEY || 'minioadmin';
    const secretKey = TEST_MINIO_SECRET_KEY || 'minioadmin';
    return { ...namedServer(VARIABLE, `http://${endpoint}`), endpoint, accessKey, secretKey };
  },
  findProgram: () => findProgram('minio'),
  startProgram: (program) =>
    onFreePort(async () => {
      const { endpoint, keys, server } = newServer();
      const [data, certificates] = [join(server.folder, 'data'), join(server.folder, 'certificates')];
      const command = [program, 'server', data, '--address', endpoint, '--certs-dir', certificates];
      return { ...(await startProgram({ ...server, command, stopSignal: 'SIGTERM' })), ...keys, endpoint };
    }),
  startContainer: (image) =>
    onFreePort(async () => {
      const { port, endpoint, keys, server } = newServer();
      const ports = { container: 9_000, host: port };
      const command = ['server', '/data'];
      const started = await startInDocker({ ...server, image, port: ports, command, readyLog: /API:/ });
      return { ...started, ...keys, endpoint };
    }),
};

/** Starts a MinIO for one test, which may stop, kill and pause it. */
export const startMinio = (): Promise<MinioServer> => start(minio);
