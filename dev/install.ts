/** Installs packages when `bun.lock` has changed since the last install. Uses built-in modules only: it runs before any install. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Does nothing when the last install was of the same `bun.lock`.
 * @param root the folder of the workspace
 * @throws when the install fails; its output is on stderr
 */
export const ensureInstalled = async (root: string): Promise<void> => {
  const stamp = join(root, 'node_modules/.installed');
  const wanted = Bun.hash(readFileSync(join(root, 'bun.lock'))).toString(16);
  if (readStamp(stamp) === wanted) return;
  process.stderr.write('Installing packages\n');
  const install = Bun.spawn([process.execPath, 'install', '--frozen-lockfile', '--silent'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if ((await install.exited) !== 0) throw new Error('The packages could not be installed');
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, wanted);
};

const readStamp = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
};
