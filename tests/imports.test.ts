/**
 * Imports lead one way: no file imports itself over others, and no two folders import each other, a folder and one inside it included.
 * Imports of types count, since they tie files for a reader as well. Files of tests, which reach everywhere, and generated ones don't count.
 */
import { expect, test } from 'bun:test';
import { dirname, join, normalize, resolve } from 'node:path';
import { workspaces } from '../package.json' with { type: 'json' };

const ROOT = resolve(import.meta.dir, '..');
const APART = /(^|\/)(node_modules|dist|testing|\.\w+)\/|\.test\.tsx?$|^client\/api\//;
const IMPORT = /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'/gm;

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const files = new Set([...new Bun.Glob('**/*.{ts,tsx}').scanSync({ cwd: ROOT })].filter((path) => !APART.test(path)));

/** @returns the file of the tree that is meant; undefined: it is a package of others, or apart */
const fileOf = (specifier: string, importer: string): string | undefined => {
  const path = specifier.startsWith('.')
    ? normalize(join(dirname(importer), specifier))
    : specifier.replace(/^@parley\/(\w+)$/, '$1/index').replace(/^@parley\//, '');
  return [path, `${path}.ts`, `${path}.tsx`].find((candidate) => files.has(candidate));
};

const importsIn = (text: string, importer: string): Set<string> =>
  new Set([...text.matchAll(IMPORT)].flatMap(([, from, loaded]) => fileOf(from ?? loaded ?? '', importer) ?? []));

const graphOfFiles = async (): Promise<Graph> =>
  new Map(
    await Promise.all(
      [...files].map(async (file) => [file, importsIn(await Bun.file(join(ROOT, file)).text(), file)] as const),
    ),
  );

/**
 * Files at the root of the tree or of a workspace count as in no folder: `main.ts` imports every folder, and every folder imports
 * `contract.ts`. They may still be in no import circle.
 */
const folderOf = (file: string): string | undefined =>
  ['.', ...workspaces].includes(dirname(file)) ? undefined : dirname(file);

const graphOfFolders = (graph: Graph): Graph => {
  const folders = new Map<string, Set<string>>();
  for (const [file, imports] of graph) {
    const folder = folderOf(file);
    if (folder === undefined) continue;
    const others = folders.get(folder) ?? new Set();
    folders.set(folder, others);
    for (const imported of imports) {
      const other = folderOf(imported);
      if (other !== undefined && other !== folder) others.add(other);
    }
  }
  return folders;
};

/** The shortest way from a file over others back to it, as `a > b > a`. */
const circleFrom = (start: string, graph: Graph): string | undefined => {
  const before = new Map<string, string>();
  const queue = [start];
  for (const file of queue)
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const way = [start];
        for (let at: string | undefined = file; at !== undefined; at = at === start ? undefined : before.get(at))
          way.unshift(at);
        return way.join(' > ');
      }
      if (before.has(next)) continue;
      before.set(next, file);
      queue.push(next);
    }
  return undefined;
};

/** Each circle once, by the first of its files. */
const circlesOf = (graph: Graph): string[] => {
  const seen = new Set<string>();
  const circles: string[] = [];
  for (const file of [...graph.keys()].toSorted()) {
    const circle = seen.has(file) ? undefined : circleFrom(file, graph);
    if (!circle) continue;
    for (const member of circle.split(' > ')) seen.add(member);
    circles.push(circle);
  }
  return circles;
};

const mutualOf = (graph: Graph): string[] =>
  [...graph].flatMap(([folder, others]) =>
    [...others]
      .filter((other) => folder < other && graph.get(other)?.has(folder))
      .map((other) => `${folder} and ${other}`),
  );

test('a circle and two folders that import each other are seen', () => {
  const graph: Graph = new Map([
    ['a/one.ts', new Set(['b/two.ts'])],
    ['b/two.ts', new Set(['b/three.ts'])],
    ['b/three.ts', new Set(['a/one.ts'])],
    ['a/b/four.ts', new Set(['a/one.ts'])],
    ['five.ts', new Set(['a/one.ts'])],
    ['a/six.ts', new Set(['five.ts', 'a/b/four.ts'])],
  ]);
  expect(circlesOf(graph)).toEqual(['a/one.ts > b/two.ts > b/three.ts > a/one.ts']);
  expect(mutualOf(graphOfFolders(graph))).toEqual(['a and b', 'a and a/b']);
});

test('every form of an import is seen', () => {
  const text = [
    "import { isTest } from './house.ts';",
    "import type {\n  A,\n} from '../services.ts';",
    "export * from '@parley/chat/main';",
    "import '@parley/client';",
    "const later = await import('../dev.ts');",
    "import { expect } from 'bun:test';",
  ].join('\n');
  expect([...importsIn(text, 'tests/some.ts')]).toEqual(['services.ts', 'chat/main.ts', 'client/index.ts', 'dev.ts']);
});

const graph = await graphOfFiles();

test('no file imports itself over others', () => {
  expect([...graph.values()].filter((imports) => imports.size > 0).length).toBeGreaterThan(300);
  expect(circlesOf(graph)).toEqual([]);
});

test('no two folders import each other', () => {
  expect(mutualOf(graphOfFolders(graph))).toEqual([]);
});
