/** Loaded before every test process (`bunfig.toml`): at its end, closes what tests left open and says what was left out. */
import { afterAll } from 'bun:test';
import { closeAll, describeLeftOut, leftOutHere } from './run-folder.ts';

afterAll(async () => {
  await closeAll();
  process.stderr.write(describeLeftOut(leftOutHere()));
});
