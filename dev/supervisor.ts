/** Runs a child process, restarts it when the sources change, and passes signals and the exit code on. Built-ins only. */
import { readableLine } from './log-line.ts';
import { watchSources } from './watch.ts';

export interface SupervisorOptions {
  /** Where the sources are. */
  readonly root: string;
  readonly command: string[];
  readonly isWatching: boolean;
}

const STOP_TIMEOUT_MS = 20_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

const print = (line: string) => {
  const readable = readableLine(line);
  if (readable !== undefined) say(readable);
};

const printLines = async (output: ReadableStream<Uint8Array>): Promise<void> => {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of output) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) print(line);
  }
  if (rest) print(rest);
};

const spawnChild = (command: string[]) => {
  const child = Bun.spawn(command, {
    stdio: ['ignore', 'pipe', 'inherit'],
    // When this process is killed, the IPC channel closes and the child stops itself.
    ipc: () => undefined,
  });
  return { child, isPrinted: printLines(child.stdout) };
};

type Child = ReturnType<typeof spawnChild>;

const endChild = async ({ child, isPrinted }: Child): Promise<number> => {
  const cutOff = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  child.kill('SIGTERM');
  const code = await child.exited;
  clearTimeout(cutOff);
  await isPrinted;
  return code;
};

/**
 * Resolves with the child's exit code when it exits by itself, or after SIGINT or SIGTERM, which are passed on to it. A child that fails
 * after a restart (a syntax error, say) doesn't end the supervisor: the next change starts it again.
 */
export const supervise = ({ root, command, isWatching }: SupervisorOptions): Promise<number> => {
  const { promise, resolve } = Promise.withResolvers<number>();
  let current = spawnChild(command);
  let restarts = 0;
  let isStopping = false;
  let restarting: Promise<void> | undefined;

  const finish = (code: number) => {
    stopWatching();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    resolve(code);
  };

  const follow = async (followed: Child) => {
    const code = await followed.child.exited;
    await followed.isPrinted;
    if (followed !== current || restarting) return;
    if (restarts === 0 || code === 0 || isStopping) return finish(code);
    say(`It stopped with code ${code}. The next change starts it again.`);
  };

  const restart = async () => {
    restarts += 1;
    await endChild(current);
    if (isStopping) return finish(0);
    current = spawnChild(command);
    restarting = undefined;
    void follow(current);
  };

  const onChange = (file: string) => {
    if (isStopping || restarting) return;
    say(`${file.slice(root.length + 1)} changed: starting again`);
    restarting = restart();
  };

  const onSignal = (signal: NodeJS.Signals) => {
    isStopping = true;
    if (restarting) return;
    const { exitCode, signalCode } = current.child;
    if (exitCode === null && signalCode === null) current.child.kill(signal);
    else finish(exitCode ?? 1);
  };

  const stopWatching = isWatching ? watchSources(root, onChange) : () => undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  void follow(current);
  return promise;
};
