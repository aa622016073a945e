/** The docker command, for tests of what the images and the composed suite do. */
import { findProgram } from '@parley/kit/testing/programs';

const TIMEOUT_MS = 300_000;

export interface DockerOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly stdin?: Uint8Array | string;
  /** True gives the outcome of a command that may fail. */
  readonly mayFail?: boolean;
}

/**
 * What a docker command printed, trimmed.
 * @throws with what it said when it fails
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
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0 && !options.mayFail) throw new Error(`docker ${args.join(' ')} failed with ${code}: ${error || out}`);
  return out.trim();
};
