/** Loaded before every test process (`bunfig.toml`): when it ends, closes servers that tests left open and reports suites that were left out. */
import { afterAll } from 'bun:test';
import { closeAll, describeLeftOut, leftOutHere } from './run-folder.ts';

afterAll(async () => {
  await closeAll();
  process.stderr.write(describeLeftOut(leftOutHere()));
});
