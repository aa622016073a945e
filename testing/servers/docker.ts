/** Servers in containers, by testcontainers; their faults by the docker command, since pausing must be done when it returns. */
import { rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { closeAtEnd, containerFileOf } from '../run/run-folder.ts';
import { eventually } from '../time/eventually.ts';
import { findProgram } from './programs.ts';
import type { TestServer } from './test-server.ts';

/** Where there is no engine the command fails at once; a busy machine may take its time to answer. */
const ANSWER_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 60_000;

/** Whether a docker command succeeded in time. Everything waits for it: only for what must be done when it returns. */
const dockerNow = (args: readonly string[]): boolean => {
  const program = findProgram('docker');
  return program !== undefined && Bun.spawnSync([program, ...args], { timeout: ANSWER_TIMEOUT_MS }).success;
};

/** @throws when the docker command fails, with what it said */
const docker = async (...args: string[]): Promise<void> => {
  const child = Bun.spawn([findProgram('docker') ?? 'docker', ...args], { stdout: 'ignore', stderr: 'pipe' });
  const [said, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')} failed: ${said}`);
};

let answers: boolean | undefined;

/** Whether a Docker engine runs here. Asked once, and not for long: tests don't start one. */
export const dockerAnswers = (): boolean => {
  answers ??= dockerNow(['info']);
  return answers;
};

/** Whether a container of this image starts without fetching anything. */
export const hasImage = (image: string): boolean => dockerNow(['image', 'inspect', image]);

export interface ContainerServer {
  readonly url: string;
  readonly folder: string;
  readonly image: string;
  readonly port: { readonly container: number; readonly host: number };
  readonly command?: string[];
  readonly env?: Record<string, string>;
  /** What it logs when it is ready for the first time. */
  readonly readyLog: RegExp;
  /** Resolves when the server answers, throws while it doesn't. */
  probe(): Promise<void>;
}

const startContainer = async ({ image, port, command = [], env = {}, readyLog }: ContainerServer, id: string) => {
  // The library's own cleaner needs rights that not every engine gives; we remove what we start.
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
  // Written before it starts: the name finds it even if the start is cut off.
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
