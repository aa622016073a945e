/** The whole suite as a process of its own, for browsers: embedded, on free ports, with data that is gone afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@parley/kit/process/alive';
import { freePort, processTree } from '@parley/testing/servers/programs';
import { eventually } from '@parley/testing/time/eventually';
import { serviceNames, variablePrefix } from '../../services.ts';

export interface Suite {
  readonly origin: string;
  /** Kills every process of it, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again at the same address, with the same data. @param changes variables that are others this time */
  start(changes?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

const ROOT = join(import.meta.dir, '..', '..');
const SERVICES = [...serviceNames.map(variablePrefix), 'GATEWAY'];

/** Resolves when the program reports that it is ready. Keeps reading its output after that: a full pipe would block the program. */
const untilReady = (child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const read = async (): Promise<void> => {
    const errors = new Response(child.stderr).text();
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of child.stdout) {
      text += decoder.decode(bytes, { stream: true });
      if (text.includes('Parley is ready')) resolve();
    }
    reject(new Error(`The suite ended before it was ready: ${text}${await errors}`));
  };
  read().catch(reject);
  return promise;
};

/** @param env further variables of every service */
export const startSuite = async (env: Record<string, string> = {}): Promise<Suite> => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'parley-browser-'));
  const ports = Object.fromEntries(SERVICES.map((name) => [`${name}_PORT`, String(freePort())]));
  let child: Bun.Subprocess<'ignore', 'pipe', 'pipe'> | undefined;

  const start = async (changes: Record<string, string> = {}): Promise<void> => {
    const { PATH = '', HOME = '' } = process.env;
    child = Bun.spawn([process.execPath, join(ROOT, 'dev.ts'), '--once'], {
      cwd: ROOT,
      env: { PATH, HOME, DATA_DIR: dataFolder, LOG_LEVEL: 'error', ...ports, ...env, ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await untilReady(child);
  };

  const kill = async (): Promise<void> => {
    if (!child) return;
    const pids = processTree(child.pid).reverse();
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // The process ended with its parent.
      }
    }
    await child.exited;
    await eventually(() => {
      if (pids.some(isAlive)) throw new Error('The suite still runs');
    });
    child = undefined;
  };

  await start();
  return {
    origin: `http://localhost:${ports.GATEWAY_PORT}`,
    kill,
    start,
    close: async () => {
      await kill();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
};
