/**
 * Exactly once through a failover: the primary of a real streaming pair is killed under traffic, and its standby is promoted behind the same
 * address. No acknowledged message is lost, and writes resume by themselves.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openSwitch, type Switch } from '@parley/testing/network/switch';
import { query } from '@parley/testing/servers/postgres';
import { type Standby, startPrimary, startStandby } from '@parley/testing/servers/postgres.standby';
import { describeWith, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { startServiceProcess } from '@parley/testing/servers/service';
import { awakeMs } from '@parley/testing/time/awake';
import { eventually } from '@parley/testing/time/eventually';
import { Sender } from './sender.ts';

const SENDERS = 8;
const ROOMS = ['general', 'random'] as const;
const SEND_INTERVAL_MS = 100;
const BACK_WITHIN_MS = 5_000;

describeWith(['standby', 'redis', 'faults'], 'a failover of Postgres', () => {
  let primary: TestServer;
  let standby: Standby;
  let redis: TestServer;
  let address: Switch;
  let replicas: TestServer[] = [];
  let senders: Sender[] = [];

  beforeAll(async () => {
    [primary, redis] = await Promise.all([startPrimary(), startRedis()]);
    address = await openSwitch(primary.url);
    const url = new URL(primary.url);
    url.port = String(address.port);
    const env = { DATABASE_URL: url.href, REDIS_URL: redis.url, LOG_LEVEL: 'error' };
    replicas = await Promise.all([startServiceProcess('chat', env), startServiceProcess('chat', env)]);
    standby = await startStandby(primary);
  });

  afterAll(async () => {
    for (const sender of senders) sender.close();
    await Promise.all([...replicas, redis, standby, primary].map((server) => server?.close()));
    address?.close();
  });

  const ackedCount = (): number => senders.reduce((sum, { acked }) => sum + acked.size, 0);

  test('loses nothing that was acknowledged, and takes writes again within five seconds of the promotion', async () => {
    let attempts = 0;
    const nextUrl = () => replicas[attempts++ % replicas.length]?.url ?? '';
    senders = Array.from({ length: SENDERS }, (_, index) => {
      return new Sender({ nextUrl, roomId: ROOMS[index % ROOMS.length] ?? '', userId: `user-${index}` });
    });
    await eventually(() => expect(senders.every(({ isOpen }) => isOpen)).toBe(true));
    let sent = 0;
    const sending = setInterval(() => {
      for (const [index, sender] of senders.entries()) sender.send(`message ${sent} of user ${index}`);
      sent += 1;
    }, SEND_INTERVAL_MS);

    await eventually(() => expect(ackedCount()).toBeGreaterThan(10 * SENDERS));
    await primary.kill();
    await standby.promote();
    const promotedAt = awakeMs();
    address.leadTo(standby.url);
    const before = ackedCount();
    await eventually(() => expect(ackedCount()).toBeGreaterThan(before));
    expect(awakeMs() - promotedAt).toBeLessThan(BACK_WITHIN_MS);

    await eventually(() => expect(ackedCount()).toBeGreaterThan(before + 10 * SENDERS));
    clearInterval(sending);
    await eventually(() => expect(senders.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(0));
    for (const { url } of replicas) expect((await fetch(`${url}/ready`)).status).toBe(200);

    const stored = await query<{
      id: string;
      room_id: string;
      user_id: string;
      content: string;
      seq: number;
      client_id: string;
    }>(
      standby.url,
      `select m.id, m.room_id, m.user_id, m.content, m.seq::int as seq, known.client_id from chat.messages m
       join chat.client_ids known on known.message_id = m.id order by m.room_id, m.seq`,
    );
    const acked = senders.flatMap((sender) => [...sender.acked]);
    expect(acked.length).toBe(sent * SENDERS);
    expect(stored.map(({ client_id }) => client_id).toSorted()).toEqual(acked.toSorted());
    for (const [index, sender] of senders.entries()) {
      const own = stored.filter(({ user_id }) => user_id === `user-${index}`).map(({ content }) => content);
      expect(own).toEqual(Array.from({ length: sent }, (_, round) => `message ${round} of user ${index}`));
      const expected = stored.filter(({ room_id }) => room_id === ROOMS[index % ROOMS.length]);
      await eventually(() => expect(sender.seen.length).toBeGreaterThanOrEqual(expected.length));
      expect(sender.seen.slice(-expected.length)).toEqual(
        expected.map(({ id, seq }) => ({ type: 'message', id, seq })),
      );
    }
  });
});
