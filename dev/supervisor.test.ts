import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@parley/kit/process/alive';
import { readableLine } from './log-line.ts';

const folders: string[] = [];
const running: Bun.Subprocess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGKILL');
    await child.exited;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A child that prints its process id and exits on SIGTERM. */
const child = `
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, () => process.exit(0));
  setInterval(() => undefined, 1000);
  console.log('started ' + process.pid);
`;

const supervise = (source: string, isWatching = true) => {
  const root = mkdtempSync(join(tmpdir(), 'parley-supervisor-'));
  folders.push(root);
  const main = join(root, 'main.ts');
  writeFileSync(main, source);
  const options = { root, command: [process.execPath, main], isWatching };
  const program = `
    import { supervise } from ${JSON.stringify(join(import.meta.dir, 'supervisor.ts'))};
    process.exitCode = await supervise(${JSON.stringify(options)});
  `;
  const supervisor = Bun.spawn([process.execPath, '-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  running.push(supervisor);
  return { supervisor, main, said: readerOf(supervisor.stdout) };
};

/** Resolves with the next match in a process's output. */
const readerOf = (output: ReadableStream<Uint8Array>) => {
  const reader = output.getReader();
  const decoder = new TextDecoder();
  let text = '';
  return async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        return found;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error(`It ended without ${pattern}: ${text}`);
      text += decoder.decode(value, { stream: true });
    }
  };
};

const startedPid = async (said: ReturnType<typeof readerOf>): Promise<number> =>
  Number((await said(/started (\d+)/))[1]);

const hasLeft = async (pid: number): Promise<void> => {
  while (isAlive(pid)) await Bun.sleep(5);
};

describe('the supervisor', () => {
  test('starts the child again when a source changes, the old one gone first', async () => {
    const { main, said } = supervise(child);
    const first = await startedPid(said);
    writeFileSync(main, `${child}// edited`);
    await said(/main\.ts changed/);
    const second = await startedPid(said);
    expect(second).not.toBe(first);
    expect(isAlive(first)).toBe(false);
  });

  test('waits for the next change when an edit broke the child', async () => {
    const { main, said } = supervise(child);
    await startedPid(said);
    writeFileSync(main, 'process.exit(3)');
    await said(/stopped with code 3/);
    writeFileSync(main, child);
    expect(await startedPid(said)).toBeGreaterThan(0);
  });

  test('passes SIGTERM on and ends with the exit code of the child', async () => {
    const { supervisor, said } = supervise(child);
    const pid = await startedPid(said);
    supervisor.kill('SIGTERM');
    expect(await supervisor.exited).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  test('ends with the exit code of a child that fails to start', async () => {
    const { supervisor } = supervise('process.exit(7)');
    expect(await supervisor.exited).toBe(7);
  });

  test('leaves no child behind when it is killed', async () => {
    const { supervisor, said } = supervise(child, false);
    const pid = await startedPid(said);
    supervisor.kill('SIGKILL');
    await hasLeft(pid);
  });
});

test('a log line is shown as words, and anything else as it is', () => {
  const line =
    '{"level":"warn","time":"2026-01-31T12:00:05.000Z","service":"chat","event":"redis_away","error":"it is off"}';
  expect(readableLine(line)).toBe('12:00:05 warn chat redis_away error="it is off"');
  expect(readableLine('{"level":"warn","service":"chat","event":"open_identity"}')).toBeUndefined();
  for (const other of ['Parley is ready', '{"a":1}', '{not json', '']) expect(readableLine(other)).toBe(other);
});
