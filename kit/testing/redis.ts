/** Redis for tests. */
import { Redis } from 'ioredis';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram, freePort } from './programs.ts';
import { newFolder } from './run-folder.ts';
import type { TestServer } from './servers.ts';

export const findRedis = () => findProgram('redis-server', 'valkey-server');

/** @throws while Redis doesn't answer */
export const probeRedis = async (url: string): Promise<void> => {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
};

export const startRedisProgram = (program: string): Promise<TestServer> =>
  onFreePort(() => {
    const port = freePort();
    const folder = newFolder('redis');
    const url = `redis://127.0.0.1:${port}`;
    // What was written survives a kill -9 (not a power cut): the append-only file is handed to the system at once.
    const durability = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'no'];
    return startProgram({
      url,
      folder,
      command: [program, '--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...durability],
      stopSignal: 'SIGTERM',
      probe: () => probeRedis(url),
    });
  });
