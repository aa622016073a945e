import { expect, test } from 'bun:test';
import { awakeMs } from './awake.ts';
import { eventually } from './eventually.ts';

test('the clock goes on while something is waited for, and stands still while the process is held up', async () => {
  const start = awakeMs();
  await eventually(() => expect(awakeMs() - start).toBeGreaterThan(100));
  const heldUpAt = awakeMs();
  Bun.sleepSync(1_000);
  expect(awakeMs() - heldUpAt).toBeLessThan(500);
});
