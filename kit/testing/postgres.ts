/** Postgres for tests. */
import { chownSync } from 'node:fs';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { onFreePort, startProgram } from './process-server.ts';
import { findProgram, freePort, type SystemUser, unprivilegedUser } from './programs.ts';
import { newFolder } from './run-folder.ts';
import type { TestServer } from './servers.ts';

/** A Postgres that has `initdb` beside it. */
export const findPostgres = (): string | undefined => findProgram('initdb') && findProgram('postgres');

/** Runs statements on their own connection. */
export const execute = async (url: string, ...statements: readonly string[]): Promise<void> => {
  const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
  try {
    for (const statement of statements) await client.unsafe(statement);
  } finally {
    await client.end({ timeout: 1 });
  }
};

/** What a process kill can't lose stays on; what only a power cut could lose is off, for speed. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '200',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
};

const newOwnedFolder = (name: string, user: SystemUser | undefined): string => {
  const folder = newFolder(name);
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
};

const check = ({ success, stderr }: Bun.SyncSubprocess<'pipe', 'pipe'>, what: string): void => {
  if (!success) throw new Error(`${what} failed:\n${stderr.toString()}`);
};

let template: string | undefined;

/** An initialized data folder, made once: a copy of it starts in a tenth of the time. */
const templateFolder = (user: SystemUser | undefined): string => {
  if (template) return template;
  const data = join(newOwnedFolder('postgres-template', user), 'data');
  const initdb = findProgram('initdb') ?? 'initdb';
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  check(Bun.spawnSync([initdb, '-D', data, ...options, '--wal-segsize=1'], { cwd: dirname(data), ...user }), 'initdb');
  template = data;
  return data;
};

export const startPostgresProgram = (program: string): Promise<TestServer> =>
  onFreePort(() => {
    const port = freePort();
    const user = unprivilegedUser('postgres', 'nobody');
    const folder = newOwnedFolder('postgres', user);
    const data = join(folder, 'data');
    check(Bun.spawnSync(['cp', '-a', templateFolder(user), data]), 'Copying the data folder');
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    return startProgram({
      url,
      folder,
      command: [program, '-D', data, '-p', String(port), ...settings],
      user,
      stopSignal: 'SIGINT',
      probe: () => execute(url, 'select 1'),
    });
  });
