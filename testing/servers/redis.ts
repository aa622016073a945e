/** Redis for tests. */
import { Redis } from 'ioredis';
import { newFolder } from '../run/run-folder.ts';
import { startInDocker } from './docker.ts';
import { namedServer } from './named-server.ts';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram, freePort } from './programs.ts';
import { type Kind, start } from './sources.ts';
import type { TestServer } from './test-server.ts';

const VARIABLE = 'TEST_REDIS_URL';

// Writes survive a kill -9 (not a power cut): the append-only file is written at once, without fsync.
const DURABILITY = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'no'];

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

/** The port, folder and probe of a new server, for a container or a program. */
const newServer = () => {
  const port = freePort();
  const url = `redis://127.0.0.1:${port}`;
  return { port, url, folder: newFolder('redis'), probe: () => probeRedis(url) };
};

export const redis: Kind<TestServer> = {
  name: 'redis',
  image: 'redis:8-alpine',
  named: () => {
    const url = process.env[VARIABLE];
    return url ? namedServer(VARIABLE, url) : undefined;
  },
  findProgram: () => findProgram('redis-server', 'valkey-server'),
  startProgram: (program) =>
    onFreePort(() => {
      const { port, ...server } = newServer();
      const address = ['--port', String(port), '--bind', '127.0.0.1'];
      const naming = ['--dir', server.folder, '--set-proc-title', 'no'];
      const command = [program, ...address, ...naming, ...DURABILITY];
      return startProgram({ ...server, command, stopSignal: 'SIGTERM' });
    }),
  startContainer: (image) =>
    onFreePort(() => {
      const { port, ...server } = newServer();
      const ports = { container: 6_379, host: port };
      const command = ['redis-server', ...DURABILITY];
      return startInDocker({ ...server, image, port: ports, command, readyLog: /Ready to accept connections/ });
    }),
};

/** Starts a Redis for one test, which may stop, kill and pause it. */
export const startRedis = (): Promise<TestServer> => start(redis);

/** Makes a server a replica of another one, or a primary again. */
export const setPrimary = async (url: string, primaryUrl?: string): Promise<void> => {
  const client = new Redis(url);
  try {
    const primary = primaryUrl === undefined ? undefined : new URL(primaryUrl);
    await client.call('REPLICAOF', primary?.hostname ?? 'NO', primary?.port ?? 'ONE');
  } finally {
    client.disconnect();
  }
};
