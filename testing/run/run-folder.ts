/**
 * Tracks what a test run must clean up: one temporary folder, and the servers that are still open. Every server keeps its data and a file
 * with its process id in the folder, so that the runner can end servers that a crashed test left running.
 * Only built-in modules: the runner uses this before packages are installed.
 */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@parley/kit/process/alive';

/** Set by the runner, which cleans up; a test process without it makes its own folder. */
export const RUN_FOLDER_VARIABLE = 'PARLEY_TEST_FOLDER';

const FOLDER_PREFIX = 'parley-test-';
const OWNER_FILE = 'owner';
const LEFT_OUT_FILE = 'left-out.jsonl';

/** Makes the folder of a run. Leftovers of crashed runs are removed first. */
export const makeRunFolder = (): string => {
  for (const folder of abandonedFolders()) sweepRunFolder(folder);
  const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
  writeFileSync(join(folder, OWNER_FILE), String(process.pid));
  // Postgres may run as another user, which needs to traverse the folder but not to list it.
  chmodSync(folder, 0o711);
  return folder;
};

/** Folders of runs whose process has ended. A folder without an owner file is just being made. */
const abandonedFolders = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(FOLDER_PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => {
      const owner = readIfThere(join(folder, OWNER_FILE));
      return owner !== undefined && !isAlive(Number(owner));
    });

const open = new Set<() => Promise<void>>();
let ownFolder: string | undefined;

/** The folder of this run; created on first use. */
export const runFolder = (): string => {
  const given = process.env[RUN_FOLDER_VARIABLE];
  if (given) return given;
  ownFolder ??= makeRunFolder();
  return ownFolder;
};

/** A new empty folder for one server. */
export const newFolder = (name: string): string => {
  const folder = join(runFolder(), `${name}-${crypto.randomUUID().slice(0, 8)}`);
  mkdirSync(folder, { mode: 0o755 });
  return folder;
};

/** Registers `close` for the end of the process. @returns a function that unregisters it */
export const closeAtEnd = (close: () => Promise<void>): (() => void) => {
  open.add(close);
  return () => open.delete(close);
};

/** Closes what is still open, newest first, and removes the folder if this process made it. */
export const closeAll = async (): Promise<void> => {
  for (const close of [...open].reverse()) await close();
  open.clear();
  if (ownFolder) rmSync(ownFolder, { recursive: true, force: true });
  ownFolder = undefined;
};

/** A suite that can't run on this machine, with what it lacks. */
export interface LeftOut {
  readonly suite: string;
  readonly missing: readonly string[];
}

const ownLeftOut: LeftOut[] = [];

/** Notes a suite that can't run on this machine, for the summary at the end of the run. */
export const reportLeftOut = (leftOut: LeftOut): void => {
  const given = process.env[RUN_FOLDER_VARIABLE];
  if (given) appendFileSync(join(given, LEFT_OUT_FILE), `${JSON.stringify(leftOut)}\n`);
  else ownLeftOut.push(leftOut);
};

/** The suites that this process left out, when there is no runner to report them. */
export const leftOutHere = (): readonly LeftOut[] => ownLeftOut;

/** The suites that all processes of a run left out. */
export const readLeftOut = (folder: string): LeftOut[] => {
  const file = join(folder, LEFT_OUT_FILE);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): LeftOut => JSON.parse(line));
};

/** The file in a server's folder that holds its process id. */
export const pidFileOf = (folder: string): string => join(folder, 'pid');

/** The file in a server's folder that holds its container's id. */
export const containerFileOf = (folder: string): string => join(folder, 'container');

/** The file in a folder that holds the name of a project of Compose: the label of its containers, volumes and networks. */
export const projectFileOf = (folder: string): string => join(folder, 'project');

/** Removes containers, volumes and networks with a project's label. @returns whether there were any */
const removeProject = (project: string): boolean => {
  const docker = (...args: string[]) =>
    Bun.spawnSync(['docker', ...args])
      .stdout.toString()
      .split('\n')
      .filter(Boolean);
  const label = `label=com.docker.compose.project=${project}`;
  const containers = docker('ps', '--all', '--quiet', '--filter', label);
  if (containers.length > 0) docker('rm', '--force', '--volumes', ...containers);
  for (const kind of ['volume', 'network']) {
    const names = docker(kind, 'ls', '--quiet', '--filter', label);
    if (names.length > 0) docker(kind, 'rm', ...names);
  }
  return containers.length > 0;
};

const GONE = ['ENOENT', 'ESRCH'];

/** The result of reading; undefined when the file or process is gone, which may happen at any time. */
const unlessGone = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (!GONE.includes((error as { code?: string }).code ?? '')) throw error;
    return undefined;
  }
};

/** A file's text; undefined when it doesn't exist, or belongs to a process (in /proc) that has ended. */
export const readIfThere = (file: string): string | undefined => unlessGone(() => readFileSync(file, 'utf8').trim());

/** A process's command line, from /proc on Linux, from `ps` elsewhere. Empty when the process has ended. */
const commandOf = (pid: string): string =>
  process.platform === 'linux'
    ? (readIfThere(`/proc/${pid}/cmdline`) ?? '')
    : Bun.spawnSync(['ps', '-o', 'command=', '-p', pid]).stdout.toString();

/** The folders of a run's servers. Another run may be removing the same abandoned folder. */
const serverFoldersOf = (folder: string): string[] => {
  const entries = unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
};

/** Ends the servers that still run in a run's folder, and removes the folder. @returns how many servers it ended */
export const sweepRunFolder = (folder: string): number => {
  let count = 0;
  for (const serverFolder of serverFoldersOf(folder)) {
    const pid = readIfThere(pidFileOf(serverFolder));
    // The id may belong to another process by now. The command line of a test server contains its folder.
    const isOurs = pid !== undefined && commandOf(pid).includes(folder);
    if (isOurs && unlessGone(() => process.kill(Number(pid), 'SIGKILL'))) count += 1;
    const container = readIfThere(containerFileOf(serverFolder));
    if (container && Bun.spawnSync(['docker', 'rm', '--force', '--volumes', container]).success) count += 1;
    const project = readIfThere(projectFileOf(serverFolder));
    if (project && removeProject(project)) count += 1;
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return count;
};

/** Text that lists the suites that were left out and how to run them; empty when there are none. */
export const describeLeftOut = (suites: readonly LeftOut[]): string => {
  if (suites.length === 0) return '';
  const lines = suites.map(({ suite, missing }) => `  ${suite} (needs ${missing.join(', ')})`);
  return `\nLeft out, because this machine lacks what they need:\n${lines.join('\n')}\n${HOW_TO_GET_THEM}\n`;
};

const HOW_TO_GET_THEM = `To run them: start Docker; or install postgresql, redis-server, minio, nginx, chromium, firefox-esr and nodejs; or name
servers of your own by TEST_POSTGRES_URL, TEST_REDIS_URL, TEST_MINIO_ENDPOINT (with TEST_MINIO_ACCESS_KEY and TEST_MINIO_SECRET_KEY).`;
