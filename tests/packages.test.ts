/** The main packages of the suite are in a manifest at one exact version, and imported. */
import { expect, test } from 'bun:test';
import { join, resolve } from 'node:path';
import root from '../package.json' with { type: 'json' };
import tsconfig from '../tsconfig.json' with { type: 'json' };

const ROOT = resolve(import.meta.dir, '..');

const read = (path: string): Promise<string> => Bun.file(join(ROOT, path)).text();

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Each version that the root's or a workspace's manifest asks of a package. */
const versionsOf = async (name: string): Promise<string[]> => {
  const manifests = ['.', ...root.workspaces].map((folder) => Bun.file(join(ROOT, folder, 'package.json')).json());
  return ((await Promise.all(manifests)) as Manifest[])
    .map(({ dependencies, devDependencies }) => dependencies?.[name] ?? devDependencies?.[name])
    .filter((version) => version !== undefined);
};

/** The files, other than tests, that import a package or a part of it. */
const importersOf = async (name: string, pattern = '**/*.{ts,tsx}'): Promise<string[]> => {
  const imports = new RegExp(`(?:\\bfrom|\\bimport\\(|^import) ?'${name}(?:/[^']+)?'`, 'm');
  const paths = [...new Bun.Glob(pattern).scanSync(ROOT)].filter((path) => !/node_modules|\.test\.tsx?$/.test(path));
  const texts = await Promise.all(paths.map(read));
  return paths.filter((_, index) => imports.test(texts[index] ?? ''));
};

/** A file that imports each package. */
const IMPORTED = {
  elysia: 'chat/app.ts',
  '@elysiajs/swagger': 'kit/contract/docs.ts',
  'drizzle-orm': 'chat/db/schema.ts',
  postgres: 'kit/stores/database.server.ts',
  ioredis: 'kit/stores/redis.ts',
  '@aws-sdk/client-s3': 'file/objects/store.s3.ts',
  'htmx.org': 'web/live/navigation/visits.ts',
  testcontainers: 'testing/servers/docker.ts',
};

test.each(Object.entries(IMPORTED))('%s is in a manifest at one exact version, and imported', async (name, file) => {
  const versions = await versionsOf(name);
  expect(new Set(versions).size).toBe(1);
  expect(versions[0]).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await importersOf(name)).toContain(file);
});

test('the runtime’s types are bun-types, of the runtime’s own version', async () => {
  expect(await versionsOf('bun-types')).toEqual([root.engines.bun]);
  expect(tsconfig.compilerOptions.types).toEqual(['bun-types']);
});

test('k6 is the program: one version in Compose, in the hosted run and beside the scenarios, which are typed', async () => {
  const named = async (path: string, pattern: RegExp) => (await read(path)).match(pattern)?.[1];
  const version = await named('load-tests/k6.ts', /K6_VERSION = '([\d.]+)'/);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await named('compose.yml', /image: grafana\/k6:([\d.]+)$/m)).toBe(version);
  expect(await named('.ci/run', /^K6=go\.k6\.io\/k6@v([\d.]+)$/m)).toBe(version);
  expect(await versionsOf('@types/k6')).toHaveLength(1);
  expect(await importersOf('k6', 'load-tests/scenarios/*.ts')).toContain('load-tests/scenarios/chat.ts');
  // The npm package `k6` is an empty one.
  expect(await versionsOf('k6')).toEqual([]);
});

test('no other package stands in for one of these', async () => {
  for (const name of ['@elysiajs/openapi', '@types/bun', 'pg', 'redis', 'minio', 'aws-sdk'])
    expect(await versionsOf(name)).toEqual([]);
});
