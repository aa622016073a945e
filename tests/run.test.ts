/** The output of `bun run test`: the last line, the exit code, and the suites that were left out. */
import { expect, test } from 'bun:test';
import { join } from 'node:path';

const run = async (filter: string, env: Record<string, string> = {}) => {
  const { CI: _, ...inherited } = process.env;
  const command = [process.execPath, join(import.meta.dir, 'run.ts'), filter];
  const child = Bun.spawn(command, { env: { ...inherited, ...env }, stdout: 'pipe', stderr: 'ignore' });
  const [output, exitCode] = await Promise.all([new Response(child.stdout).text(), child.exited]);
  return { output, exitCode, lastLine: output.trimEnd().split('\n').at(-1) };
};

test('what passes is counted, and the exit code is 0', async () => {
  expect(await run('kit/time/timeout.test.ts')).toMatchObject({ lastLine: '2 passed, 0 failed', exitCode: 0 });
});

test('a run of nothing is a failure', async () => {
  expect(await run('no-such.test.ts')).toMatchObject({ lastLine: '0 passed, 1 failed', exitCode: 1 });
});

const NO_SERVERS = { TEST_SERVERS: 'environment', TEST_REDIS_URL: '' };

test('a suite without its servers is left out, and named', async () => {
  const { output, lastLine, exitCode } = await run('kit/stores/redis.test.ts', NO_SERVERS);
  expect(output).toContain('the Redis connection (needs redis)');
  expect({ lastLine, exitCode }).toEqual({ lastLine: '0 passed, 0 failed', exitCode: 0 });
});

test('with CI=true a suite without its servers is a failure', async () => {
  const outcome = await run('kit/stores/redis.test.ts', { ...NO_SERVERS, CI: 'true' });
  expect(outcome).toMatchObject({ lastLine: '0 passed, 1 failed', exitCode: 1 });
});
