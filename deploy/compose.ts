/** Runs `docker compose` on this folder's project, for the scripts of operators. Compose reads its own variables (`COMPOSE_PROJECT_NAME`, ...). */
import { join } from 'node:path';
import { needs, serviceNames } from '../services.ts';

const root = join(import.meta.dir, '..');

/** The services that have a database, which has the service's name. */
export const databases = serviceNames.filter((name) => needs(name, 'postgres'));

const findDocker = (): string => {
  const program = Bun.which('docker');
  if (!program) throw new Error('There is no docker on the PATH');
  return program;
};

/**
 * Runs docker with these arguments.
 * @param input a file that becomes its standard input
 * @param output a file for its standard output; without one the output is returned, trimmed
 * @throws with its error output when it fails
 */
export const docker = async (
  args: readonly string[],
  { input, output }: { input?: string; output?: string } = {},
): Promise<string> => {
  const child = Bun.spawn([findDocker(), ...args], {
    cwd: root,
    stdin: input ? Bun.file(input) : 'ignore',
    stdout: output ? Bun.file(output) : 'pipe',
    stderr: 'pipe',
  });
  const printed = child.stdout instanceof ReadableStream ? new Response(child.stdout).text() : '';
  const [out, said, code] = await Promise.all([printed, new Response(child.stderr).text(), child.exited]);
  if (code !== 0) throw new Error(`docker ${args.join(' ')} failed with exit code ${code}:\n${said.trim() || out}`);
  return out.trim();
};

export const compose = (args: readonly string[], files: { input?: string; output?: string } = {}): Promise<string> =>
  docker(['compose', ...args], files);

/** The ids of a service's running containers, the oldest first. */
export const containersOf = async (service: string): Promise<string[]> => {
  const ids = (await compose(['ps', '--quiet', '--status', 'running', service])).split('\n').filter(Boolean);
  if (ids.length === 0) return [];
  const created = await docker(['inspect', '--format', '{{.Created}} {{.Id}}', ...ids]);
  return created
    .split('\n')
    .sort()
    .map((line) => line.split(' ')[1] ?? '');
};

/** Runs a script's main function. When it throws, prints the message without a stack and exits with 1. */
export const runScript = async (main: () => Promise<void>): Promise<void> => {
  try {
    await main();
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${code ? ` (${code})` : ''}\n`);
    process.exitCode = 1;
  }
};

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
