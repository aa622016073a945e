/** The docker command, for tests of what the images and the composed suite do. */
import { writeFileSync } from 'node:fs';
import { newFolder, projectFileOf } from '@parley/testing/run/run-folder';
import { findProgram } from '@parley/testing/servers/programs';

const TIMEOUT_MS = 300_000;

export interface DockerOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly stdin?: Uint8Array | string;
  /** Returns the output of a failing command instead of throwing. */
  readonly mayFail?: boolean;
  /** Ends the command once it has printed this. */
  readonly untilPrinted?: string;
}

const readAll = async (child: Bun.Subprocess<'ignore' | Blob, 'pipe', 'pipe'>, until?: string): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of child.stdout) {
    text += decoder.decode(bytes, { stream: true });
    if (until && text.includes(until)) child.kill();
  }
  return text;
};

/**
 * Runs a docker command. @returns its output, trimmed
 * @throws with its error output when it fails
 */
export const docker = async (args: readonly string[], options: DockerOptions = {}): Promise<string> => {
  const program = findProgram('docker');
  if (!program) throw new Error('There is no docker here');
  const child = Bun.spawn([program, ...args], {
    ...(options.cwd ? { cwd: options.cwd } : {}),
    env: { ...process.env, ...options.env },
    stdin: options.stdin === undefined ? 'ignore' : new Blob([options.stdin as string]),
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: TIMEOUT_MS,
  });
  const [out, error, code] = await Promise.all([
    readAll(child, options.untilPrinted),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (options.untilPrinted && out.includes(options.untilPrinted)) return out.trim();
  if (code !== 0 && options.mayFail) return (out + error).trim();
  if (code !== 0) throw new Error(`docker ${args.join(' ')} failed with ${code}: ${error || out}`);
  return out.trim();
};

/** A new Compose project name. Containers, volumes and networks with its label are removed at the end, also when the test crashes. */
export const newProject = (): string => {
  const project = `parley-test-${crypto.randomUUID().slice(0, 8)}`;
  writeFileSync(projectFileOf(newFolder('project')), project);
  return project;
};
