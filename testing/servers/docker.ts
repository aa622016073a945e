/** Servers in containers, started by testcontainers. Faults use the docker command: a pause must be in effect when the call returns. */
import { rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { closeAtEnd, containerFileOf } from '../run/run-folder.ts';
import { eventually } from '../time/eventually.ts';
import { findProgram } from './programs.ts';
import type { TestServer } from './test-server.ts';

/** Without an engine the command fails at once; a busy engine may be slow to answer. */
const ANSWER_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 60_000;

/** Runs a docker command and blocks the process until it ends: for effects that must be there on return. @returns whether it succeeded in time */
const dockerNow = (args: readonly string[]): boolean => {
  const program = findProgram('docker');
  return program !== undefined && Bun.spawnSync([program, ...args], { timeout: ANSWER_TIMEOUT_MS }).success;
};

/** @throws with its error output when the docker command fails */
const docker = async (...args: string[]): Promise<void> => {
  const child = Bun.spawn([findProgram('docker') ?? 'docker', ...args], { stdout: 'ignore', stderr: 'pipe' });
  const [said, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')} failed: ${said}`);
};

let answers: boolean | undefined;

/** Whether a Docker engine runs here. Checked once, with a short timeout: tests don't start an engine. */
export const dockerAnswers = (): boolean => {
  answers ??= dockerNow(['info']);
  return answers;
};

/** Whether the image is present, so that a container starts without a pull. */
export const hasImage = (image: string): boolean => dockerNow(['image', 'inspect', image]);

export interface ContainerServer {
  readonly url: string;
  readonly folder: string;
  readonly image: string;
  readonly port: { readonly container: number; readonly host: number };
  readonly command?: string[];
  readonly env?: Record<string, string>;
  /** Matches the log line that says that it is ready. */
  readonly readyLog: RegExp;
  /** Resolves when the server answers, throws while it doesn't. */
  probe(): Promise<void>;
}

const startContainer = async ({ image, port, command = [], env = {}, readyLog }: ContainerServer, id: string) => {
  // Not every engine permits the library's own clean-up container. This file removes the containers that it starts.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  const { GenericContainer, Wait } = await import('testcontainers');
  await new GenericContainer(image)
    .withName(id)
    .withExposedPorts(port)
    .withCommand(command)
    .withEnvironment(env)
    .withWaitStrategy(Wait.forLogMessage(readyLog))
    .withStartupTimeout(START_TIMEOUT_MS)
    .start();
};

export const startInDocker = async (server: ContainerServer): Promise<TestServer> => {
  const id = `parley-test-${basename(server.folder)}`;
  // Written before the start, so that the container is found by name even if the start is interrupted.
  writeFileSync(containerFileOf(server.folder), id);
  const tellNow = (verb: string) => {
    if (!dockerNow([verb, id])) throw new Error(`docker ${verb} ${id} failed`);
  };
  const untilItAnswers = () => eventually(server.probe, { timeoutMs: START_TIMEOUT_MS });
  const close = async () => {
    forget();
    await docker('rm', '--force', '--volumes', id);
    rmSync(server.folder, { recursive: true, force: true });
  };
  const forget = closeAtEnd(close);
  try {
    await startContainer(server, id);
    await untilItAnswers();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: server.url,
    start: async () => {
      await docker('start', id);
      await untilItAnswers();
    },
    stop: () => docker('stop', id),
    kill: () => docker('kill', id),
    pause: () => tellNow('pause'),
    resume: () => tellNow('unpause'),
    close,
  };
};
