/** A run leaves no folder, process or container behind, also when it crashes, and removes only its own. */
import { expect, test } from 'bun:test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeLeftOut, makeRunFolder, pidFileOf, readLeftOut, sweepRunFolder } from './run-folder.ts';

/** A server's folder in the run's folder, with the id of a process. */
const serverFolder = (runFolder: string, name: string): string => {
  const folder = join(runFolder, name);
  mkdirSync(folder);
  return folder;
};

/** Resolves when the process runs its own program. */
const spawnIn = async (folder: string, ...command: string[]) => {
  const child = Bun.spawn(['sh', '-c', 'echo started; exec "$@"', 'sh', ...command], { stdout: 'pipe' });
  writeFileSync(pidFileOf(folder), String(child.pid));
  await child.stdout.getReader().read();
  return child;
};

test('a sweep ends the servers of its run, and no stranger that has got the id of one', async () => {
  const folder = makeRunFolder();
  const [ours, reused, ended] = ['ours', 'reused', 'ended'].map((name) => serverFolder(folder, name));
  const logFile = join(ours ?? '', 'log');
  writeFileSync(logFile, '');
  const server = await spawnIn(ours ?? '', 'tail', '-f', logFile);
  const stranger = await spawnIn(reused ?? '', 'sleep', '60');
  await (await spawnIn(ended ?? '', 'true')).exited;

  expect(sweepRunFolder(folder)).toBe(1);
  await server.exited;
  expect(server.signalCode).toBe('SIGKILL');
  expect(existsSync(folder)).toBeFalse();
  expect(stranger.exitCode).toBeNull();
  stranger.kill();
  await stranger.exited;
});

test('the next run clears away what a run that crashed left, and leaves a living one alone', async () => {
  const [crashed, living] = [makeRunFolder(), makeRunFolder()];
  const owner = Bun.spawn(['true']);
  await owner.exited;
  writeFileSync(join(crashed, 'owner'), String(owner.pid));
  const next = makeRunFolder();
  expect([crashed, living, next].map((folder) => existsSync(folder))).toEqual([false, true, true]);
  for (const folder of [living, next]) sweepRunFolder(folder);
});

test('the summary names what was left out, what it needs and how to get it', () => {
  const folder = makeRunFolder();
  expect(describeLeftOut(readLeftOut(folder))).toBe('');
  writeFileSync(join(folder, 'left-out.jsonl'), '{"suite":"Faults","missing":["redis","docker"]}\n');
  const summary = describeLeftOut(readLeftOut(folder));
  expect(summary).toContain('Faults (needs redis, docker)');
  expect(summary).toContain('TEST_REDIS_URL');
  sweepRunFolder(folder);
});
