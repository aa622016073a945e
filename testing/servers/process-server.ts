/** A server that is a process of this machine: started on a free port with its data in a temporary folder. */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeAtEnd, pidFileOf } from '../run/run-folder.ts';
import { eventually } from '../time/eventually.ts';
import { isRunning, processTree, type SystemUser } from './programs.ts';
import type { TestServer } from './test-server.ts';

export interface ProgramServer {
  readonly url: string;
  /** The server's folder. The command line must contain it, so that clean-up recognizes the process behind a stored pid. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: SystemUser | undefined;
  /** The signal on which it shuts down cleanly. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** Resolves when the server answers, throws while it doesn't. */
  probe(): Promise<void>;
}

const START_TIMEOUT_MS = 20_000;
const LOG_TAIL_LINES = 15;

const signalTree = (pid: number, signal: NodeJS.Signals): void => {
  for (const member of processTree(pid)) {
    try {
      process.kill(member, signal);
    } catch (error) {
      // The process ended between the listing and the signal.
      if ((error as { code?: string }).code !== 'ESRCH') throw error;
    }
  }
};

export const startProgram = async (program: ProgramServer): Promise<TestServer> => {
  const { folder, command, env, user, stopSignal, url } = program;
  const logFile = join(folder, 'log');
  const pidFile = pidFileOf(folder);
  let running: Bun.Subprocess | undefined;

  const spawn = (): Bun.Subprocess => {
    const log = openSync(logFile, 'a');
    const child = Bun.spawn([...command], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      ...user,
    });
    closeSync(log);
    writeFileSync(pidFile, String(child.pid));
    return child;
  };

  const start = async () => {
    if (running) return;
    const child = spawn();
    running = child;
    await eventually(
      async () => {
        if (child.exitCode === null && child.signalCode === null) await program.probe();
      },
      { timeoutMs: START_TIMEOUT_MS },
    );
    if (child.exitCode === null && child.signalCode === null) return;
    running = undefined;
    const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
    throw new Error(`${command[0]} did not start:\n${tail}`);
  };

  const end = async (signal: (child: Bun.Subprocess) => void) => {
    const child = running;
    if (!child) return;
    const members = processTree(child.pid);
    signal(child);
    await child.exited;
    // Postgres can't open its data folder while a process of the previous server is still ending.
    await eventually(() => {
      if (members.some(isRunning)) throw new Error(`${command[0]} has not ended`);
    });
    running = undefined;
    rmSync(pidFile, { force: true });
  };

  const kill = () => end((child) => signalTree(child.pid, 'SIGKILL'));
  const close = async () => {
    await kill();
    forget();
    rmSync(folder, { recursive: true, force: true });
  };
  const forget = closeAtEnd(close);

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    start,
    stop: () => end((child) => child.kill(stopSignal)),
    kill,
    pause: () => running && signalTree(running.pid, 'SIGSTOP'),
    resume: () => running && signalTree(running.pid, 'SIGCONT'),
    close,
  };
};

const PORT_TRIES = 3;

/** Starts on a free port, and tries another one when a different process took it meanwhile. */
export const onFreePort = async <T>(start: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (attempt === PORT_TRIES) throw error;
    }
  }
};
