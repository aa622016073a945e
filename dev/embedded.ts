/** Runs the embedded suite as a child process on free ports, with its own data folder, for tests and load runs that need a running suite. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames, variablePrefix } from '../services.ts';

export interface EmbeddedSuite {
  readonly pid: number;
  /** Where each thing is, as `bun dev.ts` prints it: `page`, `chat API`, ... */
  readonly places: Readonly<Record<string, string>>;
  /** The gateway's origin; the service's own when one service runs alone. */
  readonly origin: string;
  /** Resolves with the exit code. */
  stop(): Promise<number>;
}

export interface EmbeddedOptions {
  readonly services?: readonly string[];
  /** Added to PATH, HOME, DATA_DIR (a temporary folder unless given here) and the free ports. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const root = join(import.meta.dir, '..');
const portNames = [...serviceNames.map(variablePrefix), 'GATEWAY'];
const freePorts = Object.fromEntries(portNames.map((name) => [`${name}_PORT`, '0']));

const spawnDev = ({ services = [], env = {}, cwd = root }: EmbeddedOptions, dataFolder: string) => {
  const { PATH = '', HOME = '' } = process.env;
  return Bun.spawn([process.execPath, join(root, 'dev.ts'), '--once', ...services], {
    cwd,
    env: { PATH, HOME, DATA_DIR: dataFolder, ...freePorts, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

const placesIn = (text: string): Record<string, string> => {
  const rows = [...text.matchAll(/^ {2}(\w[\w ]*?) {2,}(.+)$/gm)];
  return Object.fromEntries(rows.map(([, name = '', where = '']) => [name, where]));
};

/** Resolves when the suite reports that it is ready. Keeps reading its output after that: a full pipe would block the process. */
const placesOf = (child: ReturnType<typeof spawnDev>): Promise<Record<string, string>> => {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, string>>();
  const read = async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of child.stdout) {
      text += decoder.decode(bytes, { stream: true });
      if (/Parley is ready[\s\S]*\n {2}data .*\n/.test(text)) resolve(placesIn(text));
    }
    const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
    reject(new Error(`The suite ended before it was ready, with exit code ${code}: ${said}`));
  };
  read().catch(reject);
  return promise;
};

/** @throws with its error output when it exits before it is ready */
export const startEmbedded = async (options: EmbeddedOptions = {}): Promise<EmbeddedSuite> => {
  const ownFolder = options.env?.DATA_DIR ? undefined : mkdtempSync(join(tmpdir(), 'parley-'));
  const removeData = () => {
    if (ownFolder) rmSync(ownFolder, { recursive: true, force: true });
  };
  const child = spawnDev(options, ownFolder ?? '');
  const places = await placesOf(child).catch((error: unknown) => {
    removeData();
    throw error;
  });
  return {
    pid: child.pid,
    places,
    origin: new URL(Object.values(places).find((place) => place.startsWith('http')) ?? '').origin,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await child.exited;
      removeData();
      return code;
    },
  };
};
