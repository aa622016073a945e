/** Finds the programs of this machine that tests run, and free ports for them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readIfThere, runFolder } from '../run/run-folder.ts';

const POSTGRES_ROOT = '/usr/lib/postgresql';

/** Debian keeps Postgres' programs off the PATH, one folder per major version. The newest first. */
const postgresFolders = (): string[] =>
  existsSync(POSTGRES_ROOT)
    ? readdirSync(POSTGRES_ROOT)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(POSTGRES_ROOT, version, 'bin'))
    : [];

const searchPath = (): string =>
  [
    process.env.PATH ?? '',
    join(homedir(), 'go', 'bin'),
    ...postgresFolders(),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    '/opt/homebrew/bin',
    '/usr/local/bin',
  ].join(':');

/** The path of the first of these programs that this machine has. */
export const findProgram = (...names: readonly string[]): string | undefined => {
  const path = searchPath();
  for (const name of names) {
    const found = Bun.which(name, { PATH: path });
    if (found) return found;
  }
  return undefined;
};

/** Below the range of ephemeral ports, so that no outgoing connection takes the port before the server does. */
const FIRST_PORT = 15_000;
const PORT_COUNT = 15_000;
const PORT_TRIES = 50;

/**
 * A port that was free a moment ago. Each port is returned only once per run, to any of its processes, since a test server may stop and
 * come back on its port. A process outside the run may still take it: callers must handle that.
 */
export const freePort = (): number => {
  for (let attempt = 1; ; attempt += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
    try {
      writeFileSync(join(runFolder(), `port-${port}`), '', { flag: 'wx' });
      Bun.listen({ hostname: '127.0.0.1', port, exclusive: true, socket: { data: () => undefined } }).stop(true);
      return port;
    } catch (error) {
      if (attempt === PORT_TRIES) throw error;
    }
  }
};

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** As root: an unprivileged user for programs that refuse to run as root. Otherwise undefined. */
export const unprivilegedUser = (...names: readonly string[]): SystemUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of names) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`This runs as root and finds none of the users ${names.join(', ')} to run a server as`);
};

/** The process and all its descendants, parents first. */
export const processTree = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(processTree)];

/** The children of a process, from /proc on Linux, from `ps` elsewhere. */
const childrenOf = (pid: number): number[] => {
  const text =
    process.platform === 'linux'
      ? (readIfThere(`/proc/${pid}/task/${pid}/children`) ?? '')
      : Bun.spawnSync(['pgrep', '-P', String(pid)]).stdout.toString();
  return text.split(/\s+/).filter(Boolean).map(Number);
};

/** Whether a process runs. A zombie (ended, but not yet reaped by its parent) doesn't. */
export const isRunning = (pid: number): boolean => {
  if (process.platform !== 'linux') return Bun.spawnSync(['kill', '-0', String(pid)]).success;
  const state = / ([A-Z]) [^)]*$/.exec(readIfThere(`/proc/${pid}/stat`) ?? '')?.[1];
  return state !== undefined && state !== 'Z';
};
