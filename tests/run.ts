/**
 * `bun run test [paths or options of bun test]`: installs packages when there are none, runs the tests with servers of their own,
 * ends servers that they left running, repeats the failures, and ends with the line `N passed, N failed`.
 * Only built-in modules until packages are installed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureInstalled } from '../dev/install.ts';
import {
  describeLeftOut,
  makeRunFolder,
  RUN_FOLDER_VARIABLE,
  readLeftOut,
  sweepRunFolder,
} from '../testing/run/run-folder.ts';
import { type Counts, countsOf, describeFailures } from './report.ts';

const ROOT = resolve(import.meta.dir, '..');
/** Of tests and hooks. Long, since some start whole suites and browsers on a busy machine; a test that hangs still fails. */
const TEST_TIMEOUT_MS = 120_000;
/** Each process may run its own servers and a browser. */
const MAX_PROCESSES = 4;

const runTests = async (folder: string, filters: readonly string[]): Promise<Counts> => {
  const { hostSharedPostgres, POSTGRES_HOST_VARIABLE } = await import('../testing/servers/postgres.shared.ts');
  const { prepareEmbedded } = await import('../testing/servers/embedded.ts');
  // Made here, before any test needs it, so that no two tests make it.
  prepareEmbedded();
  const host = hostSharedPostgres();
  const reportFile = join(folder, 'report.xml');
  const processes = Math.min(MAX_PROCESSES, availableParallelism());
  const options = ['--no-orphans', `--timeout=${TEST_TIMEOUT_MS}`, `--parallel=${processes}`];
  const reporting = ['--reporter=junit', `--reporter-outfile=${reportFile}`];
  const child = Bun.spawn([process.execPath, 'test', ...options, ...reporting, ...filters], {
    cwd: ROOT,
    env: { ...process.env, [RUN_FOLDER_VARIABLE]: folder, [POSTGRES_HOST_VARIABLE]: host.url.origin },
    stdio: ['inherit', 'inherit', 'inherit'],
  });
  // The terminal sends Ctrl-C to the tests too, a plain kill doesn't reach them. This process stays to clean up in both cases.
  process.on('SIGINT', () => child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const exitCode = await child.exited;
  await host.stop(true);
  const report = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : '';
  process.stdout.write(describeFailures(report));
  return countsOf(report, exitCode);
};

const main = async (): Promise<void> => {
  await ensureInstalled(ROOT);
  const folder = makeRunFolder();
  process.env[RUN_FOLDER_VARIABLE] = folder;
  let counts: Counts = { passed: 0, failed: 1 };
  try {
    counts = await runTests(folder, process.argv.slice(2));
    process.stdout.write(describeLeftOut(readLeftOut(folder)));
  } finally {
    sweepRunFolder(folder);
  }
  process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed\n`);
  process.exit(counts.failed === 0 ? 0 : 1);
};

await main();
