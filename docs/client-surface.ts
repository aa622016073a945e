/**
 * The public names and signatures of `client/`, as the compiler declares them. `bun run docs` writes them to `client/surface.txt`; a test
 * fails when that file differs, so that no change of the public surface goes unnoticed.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'bun';

const client = join(import.meta.dir, '..', 'client');
export const surfaceFile = join(client, 'surface.txt');

/** The declarations of every module but the generated ones, which tests compare with the contracts. */
export const surface = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-surface-'));
  try {
    await $`bunx tsc -p tsconfig.build.json --emitDeclarationOnly --removeComments --outDir ${folder}`
      .cwd(client)
      .quiet();
    const files = (await readdir(folder)).filter((name) => name.endsWith('.d.ts')).sort();
    const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
    return files.map((name, index) => `// ${name.replace('.d.ts', '')}\n${texts[index]}`).join('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
};

if (import.meta.main) await writeFile(surfaceFile, await surface());
