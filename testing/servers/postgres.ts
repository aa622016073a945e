/** Postgres for tests. */
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import client from 'postgres';
import { newFolder } from '../run/run-folder.ts';
import { startInDocker } from './docker.ts';
import { namedServer } from './named-server.ts';
import { postgresTemplate } from './postgres.template.ts';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram, freePort, unprivilegedUser } from './programs.ts';
import { type Kind, start } from './sources.ts';
import { copyFolder } from './template.ts';
import type { TestServer } from './test-server.ts';

const VARIABLE = 'TEST_POSTGRES_URL';

// Commits survive a kill of the process. The protection against a power cut (fsync) is off, for speed.
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB', 'max_connections=200'].flatMap(
  (setting) => ['-c', setting],
);
const LOOPBACK_ONLY = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];

/** Runs statements on a connection of their own. */
export const execute = async (url: string, ...statements: readonly string[]): Promise<void> => {
  const sql = client(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    for (const statement of statements) await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
};

/** Runs a query on a connection of its own. */
export const query = async <Row extends object = Record<string, unknown>>(
  url: string,
  text: string,
): Promise<readonly Row[]> => {
  const sql = client(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    return await sql.unsafe<Row[]>(text);
  } finally {
    await sql.end({ timeout: 1 });
  }
};

/** Postgres refuses to run as root. */
export const postgresUser = () => unprivilegedUser('postgres', 'nobody');

/** The command that starts a server on this data folder. */
export const commandOf = (program: string, data: string, port: number): string[] => [
  program,
  ...['-D', data, '-p', String(port)],
  ...LOOPBACK_ONLY,
  ...SETTINGS,
];

/** The port, folder and probe of a new server, for a container or a program. */
export const newServer = () => {
  const port = freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  return { port, url, folder: newFolder('postgres'), probe: () => execute(url, 'select 1') };
};

export const postgres: Kind<TestServer> = {
  name: 'postgres',
  image: 'postgres:18-alpine',
  named: () => {
    const url = process.env[VARIABLE];
    return url ? namedServer(VARIABLE, url) : undefined;
  },
  findProgram: () => findProgram('initdb') && findProgram('postgres'),
  startProgram: (program) =>
    onFreePort(() => {
      const { port, ...server } = newServer();
      const user = postgresUser();
      if (user) chownSync(server.folder, user.uid, user.gid);
      const data = join(server.folder, 'data');
      copyFolder(postgresTemplate(user), data);
      const command = commandOf(program, data, port);
      return startProgram({ ...server, command, user, stopSignal: 'SIGINT' });
    }),
  startContainer: (image) =>
    onFreePort(() => {
      const { port, ...server } = newServer();
      const ports = { container: 5_432, host: port };
      const env = { POSTGRES_HOST_AUTH_METHOD: 'trust' };
      // The image logs this once before it accepts connections from outside; the probe waits for those.
      const readyLog = /ready to accept connections/;
      return startInDocker({ ...server, image, port: ports, env, command: ['postgres', ...SETTINGS], readyLog });
    }),
};

/** Starts a Postgres for one test, which may stop, kill and pause it. */
export const startPostgres = (): Promise<TestServer> => start(postgres);
