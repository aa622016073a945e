/**
 * What a test run leaves behind is known here: one temporary folder, and what was opened and isn't closed yet. Every server keeps
 * its data and a pid file in the folder, so that whoever started the run can end what a crashed test left.
 */
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set by whoever starts the test processes and cleans up after them; without it, this process makes a folder of its own. */
const RUN_FOLDER_VARIABLE = 'PARLEY_TEST_RUN';

const open = new Set<() => Promise<void>>();
let ownFolder: string | undefined;

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  // Postgres may run as another user, who must be able to pass through, not to look around.
  chmodSync(folder, 0o711);
  return folder;
};

const runFolder = (): string => {
  const given = process.env[RUN_FOLDER_VARIABLE];
  if (given) return given;
  ownFolder ??= makeFolder();
  return ownFolder;
};

/** A new empty folder for one server. */
export const newFolder = (name: string): string => {
  const folder = join(runFolder(), `${name}-${crypto.randomUUID().slice(0, 8)}`);
  mkdirSync(folder, { mode: 0o755 });
  return folder;
};

/** Has `close` called at the end of the test process, unless the returned function takes it back. */
export const closeAtEnd = (close: () => Promise<void>): (() => void) => {
  open.add(close);
  return () => open.delete(close);
};

/** Ends what tests left open, newest first, and removes the folder if it is this process's own. */
export const closeAll = async (): Promise<void> => {
  for (const close of [...open].reverse()) await close();
  open.clear();
  if (ownFolder) rmSync(ownFolder, { recursive: true, force: true });
  ownFolder = undefined;
};

const leftOut: string[] = [];

/** Notes a suite that can't run on this machine, for the summary at the end of the run. */
export const reportLeftOut = (suite: string, missing: readonly string[]): void => {
  leftOut.push(`${suite} (needs ${missing.join(', ')})`);
  const given = process.env[RUN_FOLDER_VARIABLE];
  if (given) appendFileSync(join(given, 'left-out.jsonl'), `${JSON.stringify({ suite, missing })}\n`);
};

/** What `reportLeftOut` noted in this process. */
export const leftOutSuites = (): readonly string[] => leftOut;
