/** Programs of this machine that tests run: where they are, and ports for them. */
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

/** Below the range that systems take outgoing connections' ports from, so that no connection takes the port before its server does. */
const FIRST_PORT = 15_000;
const PORT_COUNT = 15_000;
const PORT_TRIES = 50;

/**
 * A port that was free a moment ago. A run gives each out once, to whichever of its processes: the server that has it may be down for
 * a while and come back. Whoever takes it must still be ready to find it taken, by a stranger.
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

/** For root: a user without rights, whom a program that refuses root can run as. For anyone else: nobody, no change. */
export const unprivilegedUser = (...names: readonly string[]): SystemUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of names) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`This runs as root and finds none of the users ${names.join(', ')} to run a server as`);
};

/** The process and all that descend from it, parents first. */
export const processTree = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(processTree)];

/** Linux lists them in a file; elsewhere a program does. */
const childrenOf = (pid: number): number[] => {
  const text =
    process.platform === 'linux'
      ? (readIfThere(`/proc/${pid}/task/${pid}/children`) ?? '')
      : Bun.spawnSync(['pgrep', '-P', String(pid)]).stdout.toString();
  return text.split(/\s+/).filter(Boolean).map(Number);
};

/** Whether a process runs. One that has ended but whose parent hasn't asked about it doesn't. */
export const isRunning = (pid: number): boolean => {
  if (process.platform !== 'linux') return Bun.spawnSync(['kill', '-0', String(pid)]).success;
  const state = / ([A-Z]) [^)]*$/.exec(readIfThere(`/proc/${pid}/stat`) ?? '')?.[1];
  return state !== undefined && state !== 'Z';
};
