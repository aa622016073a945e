import { expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { embeddedStores, startTestService } from './testing/service.ts';

const DAY_MS = 86_400_000;

test('the running service deletes what has expired by itself, and counts it', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const env = { ...embeddedStores(), RETENTION_DAYS: '7', RETENTION_INTERVAL_MS: '1000' };
  const service = await startTestService(env, () => now);
  const [read, unread] = [(await service.create()).body, (await service.create()).body];
  await service.read(read.id);
  expect(read.created_at).toBe('2026-01-01T00:00:00.000Z');

  now += 8 * DAY_MS;
  await eventually(async () => {
    expect((await service.list('alice')).body.map(({ id }) => id)).toEqual([unread.id]);
  });
  await eventually(async () => expect(await service.metric('parley_retention_deleted_total')).toBe(1));
  await service.stop();
});
