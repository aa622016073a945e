/** Replaces every replica while people send and read. */
import { expect, test } from 'bun:test';
import { eventually } from '@parley/testing/time/eventually';
import { serviceNames } from '../../services.ts';
import { Sender } from '../exactly-once/sender.ts';
import type { Stack } from './stack.ts';

const SENDERS = 20;
const SEND_INTERVAL_MS = 250;
const READ_INTERVAL_MS = 50;
const COMES_BACK_WITHIN_MS = 3_000;
const TIMEOUT_MS = 240_000;

const readable = ['/', '/api/chat/rooms', '/api/presence', '/api/notifications/alice/unread-count', '/api/files/files'];

/** Repeats some work until the returned function is called. */
const repeat = (work: () => void | Promise<void>, intervalMs: number) => {
  let isStopped = false;
  const done = (async () => {
    while (!isStopped) {
      await work();
      await Bun.sleep(intervalMs);
    }
  })();
  return async () => {
    isStopped = true;
    await done;
  };
};

/** Requests every kind of page and answer in turn, and collects failures. */
const startReading = (origin: string) => {
  const failures: string[] = [];
  let reads = 0;
  const stop = repeat(async () => {
    const path = readable[reads % readable.length] ?? '/';
    reads += 1;
    const outcome = await fetch(origin + path).then(
      ({ status }) => String(status),
      (error: Error) => error.message,
    );
    if (outcome !== '200') failures.push(`${path}: ${outcome}`);
  }, READ_INTERVAL_MS);
  return { failures, stop, count: () => reads };
};

const storedIn = async (stack: Stack): Promise<string[]> => {
  const query = "select client_id from chat.client_ids where room_id = 'random' order by position";
  return (await stack.compose('exec', '-T', 'postgres', 'psql', '-U', 'postgres', '-d', 'chat', '-tAc', query)).split(
    '\n',
  );
};

/** The gateway's log lines about requests that it couldn't forward. */
const gatewayFaults = async (stack: Stack): Promise<string> => {
  const lines = (await stack.compose('logs', '--no-log-prefix', 'gateway')).split('\n');
  return lines
    .filter((line) => line.includes('[error]') || /"status":5/.test(line))
    .slice(-20)
    .join('\n');
};

export const rolloutTests = (stack: () => Stack): void => {
  test(
    'a rollout of every service loses no acknowledged message and fails no request, and sockets come back at once',
    async () => {
      const { origin } = stack();
      const before = await stack().compose('ps', '--quiet', ...serviceNames);
      const senders = Array.from(
        { length: SENDERS },
        (_, index) => new Sender({ nextUrl: () => origin, roomId: 'random', userId: `sender-${index}` }),
      );
      await eventually(() => expect(senders.every(({ isOpen }) => isOpen)).toBe(true));
      const reading = startReading(origin);
      let said = 0;
      const stopTalking = repeat(() => {
        for (const sender of senders) {
          said += 1;
          sender.send(`message ${said}`);
        }
      }, SEND_INTERVAL_MS);

      await stack().script('rollout');

      await Promise.all([stopTalking(), reading.stop()]);
      await eventually(() => expect(senders.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(0));
      const after = await stack().compose('ps', '--quiet', ...serviceNames);
      expect(after.split('\n')).toHaveLength(before.split('\n').length);
      expect(after.split('\n').filter((id) => before.includes(id))).toEqual([]);

      expect(reading.count()).toBeGreaterThan(100);
      if (reading.failures.length > 0)
        throw new Error(`${reading.failures.join('\n')}\n${await gatewayFaults(stack())}`);
      const acked = senders.flatMap((sender) => [...sender.acked]);
      expect(acked).toHaveLength(said);
      expect((await storedIn(stack())).toSorted()).toEqual(acked.toSorted());
      const [first] = senders;
      for (const sender of senders) {
        await eventually(() => expect(sender.seen.length).toBe(first?.seen.length ?? 0));
        expect(sender.seen).toEqual(first?.seen ?? []);
        expect(sender.longestAbsenceMs).toBeLessThan(COMES_BACK_WITHIN_MS);
      }
      // Both replicas of chat were replaced, so every client had to reconnect.
      expect(senders.every(({ reconnects }) => reconnects > 0)).toBe(true);
      for (const sender of senders) sender.close();
    },
    TIMEOUT_MS,
  );
};
