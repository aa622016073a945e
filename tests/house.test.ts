/** Rules that a reviewer would check file by file and no tool checks. */
import { expect, test } from 'bun:test';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dir, '..');
const MAX_LINES = 300;
const NOT_OURS = /(^|\/)(node_modules|dist|migrations|\.data|\.git)\//;

const findFiles = (pattern: string): string[] =>
  [...new Bun.Glob(pattern).scanSync({ cwd: ROOT, dot: true })].filter((path) => !NOT_OURS.test(path)).sort();

const read = (path: string): Promise<string> => Bun.file(join(ROOT, path)).text();

/** The files whose text breaks a rule. */
const filesWhere = async (pattern: string, isAtFault: (text: string) => boolean): Promise<string[]> => {
  const files = findFiles(pattern);
  // A pattern that matches nothing would let everything pass.
  expect(files).not.toBeEmpty();
  const texts = await Promise.all(files.map(read));
  return files.filter((_, index) => isAtFault(texts[index] ?? ''));
};

test('the lockfile names no registry: each machine uses its own', async () => {
  const text = await read('bun.lock');
  expect(text).toContain('"packages"');
  expect(text.match(/\w+:\/\/[^"]*/)).toBeNull();
});

const NARROWED = /\b(test|it|describe)\s*\.\s*(only|skip|todo|failing)\s*\(/;

test('no test is left out or runs alone', async () => {
  expect(NARROWED.test(['describe', 'only('].join('.'))).toBeTrue();
  expect(await filesWhere('**/*.test.{ts,tsx}', (text) => NARROWED.test(text))).toEqual([]);
});

const EXPORTED = /^export (?:async )?(?:const|let|class|function|enum) (\w+)/gm;

test('what a file exports, another one uses', async () => {
  const files = findFiles('**/*.{ts,tsx}');
  const texts = await Promise.all(files.map(read));
  const fileCounts = new Map<string, number>();
  for (const word of texts.flatMap((text) => [...new Set(text.match(/\w+/g))]))
    fileCounts.set(word, (fileCounts.get(word) ?? 0) + 1);
  const exported = texts.flatMap((text) => [...text.matchAll(EXPORTED)].map(([, name = '']) => name));
  expect(exported).not.toBeEmpty();
  expect(exported.filter((name) => fileCounts.get(name) === 1)).toEqual([]);
});

/** Generated from the contracts by `bun run docs`: their length depends on the number of operations. */
const isGenerated = (path: string): boolean => path.startsWith('client/api/');

test(`no file that people write is longer than ${MAX_LINES} lines`, async () => {
  const isTooLong = (text: string) => text.trimEnd().split('\n').length > MAX_LINES;
  const tooLong = await filesWhere('**/*.{ts,tsx,js,css,lua,sh}', isTooLong);
  expect(tooLong.filter((path) => !isGenerated(path))).toEqual([]);
});

/** Files that need the time of day: for people, tokens or rows. Durations are measured by monotonic clocks. */
const MAY_TELL_TIME = [
  'file/sweep/sweep.ts',
  'file/upload/uploads.ts',
  'kit/identity/identity.ts',
  'notification/main.ts',
  'presence/people/store.memory.ts',
  'web/accounts/session.ts',
  'web/live/log/arrange.ts',
  'web/live/log/days.ts',
  'web/live/sending/outbox.ts',
  'web/requests/password-proof.ts',
  'web/pages/room.ts',
  'web/views/notification.ts',
];

test('no duration is measured by the wall clock, which can be set', async () => {
  const isTest = /(^|\/)(testing|tests|bench|load-tests)\/|\.test\.ts$/;
  const asking = await filesWhere('**/*.ts', (text) => /\bDate\.now\b|\bnew Date\(\)\.(getTime|valueOf)\b/.test(text));
  const ours = asking.filter((file) => !isTest.test(file));
  expect(ours).not.toBeEmpty();
  expect(ours.filter((file) => !MAY_TELL_TIME.includes(file))).toEqual([]);
});
