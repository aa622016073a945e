/**
 * `bun dev.ts [service...] [--once]`: installs the packages when they are missing, runs the asked services (default: all) in one
 * child process, and restarts it when the code changes. Uses built-ins only, since it runs before anything is installed.
 */
import { join } from 'node:path';
import { ensureInstalled } from './dev/install.ts';
import { supervise } from './dev/supervisor.ts';

const root = import.meta.dir;
const args = process.argv.slice(2);

await ensureInstalled(root);
process.exitCode = await supervise({
  root,
  command: [process.execPath, join(root, 'dev/suite.ts'), ...args.filter((arg) => arg !== '--once')],
  isWatching: !args.includes('--once'),
});
