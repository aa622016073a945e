/** The end of a run's output, made from a report that Bun itself wrote. */
import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsOf, describeFailures } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** @returns what Bun reports of a file with these tests */
const reportOf = async (tests: string): Promise<{ report: string; exitCode: number }> => {
  writeFileSync(join(folder, 'some.test.ts'), `import { describe, expect, test } from 'bun:test';\n${tests}`);
  const outfile = join(folder, 'report.xml');
  rmSync(outfile, { force: true });
  const options = ['--reporter=junit', `--reporter-outfile=${outfile}`];
  const child = Bun.spawn([process.execPath, 'test', ...options, './some.test.ts'], { cwd: folder, stderr: 'ignore' });
  const exitCode = await child.exited;
  const file = Bun.file(outfile);
  return { report: (await file.exists()) ? await file.text() : '', exitCode };
};

test('what failed is told with its place and its words, and nothing of what passed', async () => {
  const { report, exitCode } = await reportOf(`
    test('fine', () => undefined);
    describe('a group', () => {
      test('says "<&>"', () => { throw new Error('Answered 500: <html> & "quotes" ☹'); });
      test('fine too', () => undefined);
      test('compares', () => { expect(1).toBe(2); });
    });
    test.skipIf(true)('left out', () => undefined);
  `);
  expect(countsOf(report, exitCode)).toEqual({ passed: 2, failed: 2 });
  const told = describeFailures(report);
  expect(told).toContain('some.test.ts:5 says "<&>"\nError: Answered 500: <html> & "quotes" ☹');
  expect(told).toMatch(/some\.test\.ts:7 compares\n[\s\S]*Expected: 2/);
  expect(told).not.toContain('fine');
});

test('nothing is told of a run that passed', async () => {
  const { report, exitCode } = await reportOf(`test('fine', () => undefined);`);
  expect(countsOf(report, exitCode)).toEqual({ passed: 1, failed: 0 });
  expect(describeFailures(report)).toBe('');
});

test('a file that does not load is a failure', async () => {
  const { report, exitCode } = await reportOf(`throw new Error('at once');`);
  expect(countsOf(report, exitCode)).toMatchObject({ failed: 1 });
});

test('what is very long, or very much, is cut', () => {
  const failed = `<testcase name="x" file="a.test.ts" line="1">\n<failure type="Error" message="">${'y'.repeat(9_000)}</failure>`;
  const told = describeFailures(`<testsuites>${failed.repeat(100)}</testsuites>`);
  expect(told.match(/a\.test\.ts:1/g)).toHaveLength(20);
  expect(told.length).toBeLessThan(20 * 3_100);
});
