/** Loaded before every test process (`bunfig.toml`): at its end, closes what tests left open and says what was left out. */
import { afterAll } from 'bun:test';
import { closeAll, leftOutSuites } from './run-folder.ts';

afterAll(async () => {
  await closeAll();
  const suites = leftOutSuites();
  if (suites.length > 0) process.stderr.write(`\nLeft out on this machine:\n  ${suites.join('\n  ')}\n`);
});
