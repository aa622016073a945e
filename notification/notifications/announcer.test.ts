import { expect, test } from 'bun:test';
import { createLog } from '@parley/kit/process/log';
import { BusAway } from '@parley/kit/stores/bus';
import { eventually } from '@parley/testing/time/eventually';
import { Registry } from 'prom-client';
import { createNotificationMetrics } from '../metrics.ts';
import { Announcer } from './announcer.ts';
import { newNotification } from './rules.ts';

/** An announcer whose counts are what the test says, when it says. */
const open = (publish: (channel: string, event: string) => Promise<void>) => {
  const counts: PromiseWithResolvers<number>[] = [];
  const countUnread = () => {
    const count = Promise.withResolvers<number>();
    counts.push(count);
    return count.promise;
  };
  const metrics = createNotificationMetrics({ registry: new Registry() });
  const bus = {
    isConnected: true,
    probe: () => 'embedded' as const,
    publish,
    subscribe: async () => () => undefined,
    onConnection: () => undefined,
    close: async () => undefined,
  };
  const announcer = new Announcer({ bus, store: { countUnread }, log: createLog('test', 'silent'), metrics });
  const failures = async (reason: string) =>
    (await metrics.unannounced.get()).values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
  return { announcer, counts, failures };
};

test('a count that changed while it was told is told again, once, after the first', async () => {
  const events: string[] = [];
  const { announcer, counts } = open(async (channel, event) => void events.push(`${channel} ${event}`));
  for (let change = 0; change < 5; change += 1) announcer.announceCount('alice');
  expect(counts.length).toBe(1);
  counts[0]?.resolve(1);
  await eventually(() => expect(counts.length).toBe(2));
  counts[1]?.resolve(5);
  await announcer.idle();
  expect(events).toEqual([1, 5].map((count) => `user:alice {"type":"notification_count","unread_count":${count}}`));
});

test('a bus or a database that is away is counted, and those who wait behind are told', async () => {
  let isAway = true;
  const events: string[] = [];
  const { announcer, counts, failures } = open(async (channel) => {
    if (isAway) throw new BusAway();
    events.push(channel);
  });
  announcer.announceCreated(newNotification({ user_id: 'alice', title: 't', body: 'b' }, 0));
  counts[0]?.resolve(1);
  await announcer.idle();
  expect(await failures('bus_away')).toBe(2);

  isAway = false;
  announcer.announceCount('bob');
  announcer.announceCount('carol');
  counts[1]?.reject(new Error('away'));
  await eventually(() => expect(counts.length).toBe(3));
  counts[2]?.resolve(0);
  await announcer.idle();
  expect(await failures('storage_unavailable')).toBe(1);
  expect(events).toEqual(['user:carol']);
});

test('the number of users who wait is bounded, and who found no room is counted', async () => {
  const { announcer, failures } = open(async () => undefined);
  for (let number = 0; number <= 10_000; number += 1) announcer.announceCount(`user ${number}`);
  expect(await failures('queue_full')).toBe(0);
  announcer.announceCount('one more');
  expect(await failures('queue_full')).toBe(1);
});
