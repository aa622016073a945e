/**
 * `bun run load [scenario] [options of k6 run]`: runs a scenario of k6 against `BASE_URL` (default http://localhost:8080), or against an
 * embedded suite of its own when nothing answers there. Results: `load-tests/results/SCENARIO.json` and `.html`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isSuiteAt } from '../dev/answers.ts';
import { ensureInstalled } from '../dev/install.ts';
import { findK6 } from './k6.ts';

const root = join(import.meta.dir, '..');
const scenarios = join(import.meta.dir, 'scenarios');
const known = ['smoke', 'chat'];
const results = join(import.meta.dir, 'results');

interface Target {
  readonly origin: string;
  close(): Promise<unknown>;
}

const openTarget = async (): Promise<Target> => {
  const origin = process.env.BASE_URL || 'http://localhost:8080';
  if (await isSuiteAt(origin)) return { origin, close: async () => undefined };
  if (process.env.BASE_URL) process.stdout.write(`Nothing answers at ${origin}: `);
  process.stdout.write('Starting an embedded suite for this run\n');
  await ensureInstalled(root);
  const { startEmbedded } = await import('../dev/embedded.ts');
  const { AUTH_SECRET = '' } = process.env;
  const suite = await startEmbedded({ env: { AUTH_SECRET } });
  return { origin: suite.origin, close: suite.stop };
};

const runScenario = async (k6: string, name: string, origin: string, options: string[]): Promise<number> => {
  mkdirSync(results, { recursive: true });
  const child = Bun.spawn([k6, 'run', '--no-usage-report', ...options, join(scenarios, `${name}.ts`)], {
    env: { ...process.env, BASE_URL: origin, RESULTS: results },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return await child.exited;
};

const main = async (): Promise<number> => {
  const [name = 'smoke', ...options] = process.argv.slice(2);
  if (!known.includes(name)) throw new Error(`There is no scenario ${name}: choose from ${known.join(', ')}`);
  const k6 = await findK6();
  const target = await openTarget();
  try {
    return await runScenario(k6, name, target.origin, options);
  } finally {
    await target.close();
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
