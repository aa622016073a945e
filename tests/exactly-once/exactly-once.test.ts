/**
 * Exactly once, by the client library and the service together: every message is stored once, each user's in the order of sending, and every
 * client receives every message of its room once and in order, while Redis and a replica are killed and Postgres is restarted.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeWith, startPostgres, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { startServiceProcess } from '@parley/testing/servers/service';
import { eventually } from '@parley/testing/time/eventually';
import postgres from 'postgres';
import { Sender } from './sender.ts';

const SOCKETS = 50;
const ROOMS = 5;
const MESSAGES_EACH = 40;
const SEND_INTERVAL_MS = 200;

describeWith(['postgres', 'redis', 'faults'], 'exactly once and in order, whatever fails', () => {
  let database: TestServer;
  let redis: TestServer;
  let replicas: TestServer[] = [];
  let senders: Sender[] = [];
  const roomIds = Array.from({ length: ROOMS }, (_, index) => `room-${index}`);

  beforeAll(async () => {
    [database, redis] = await Promise.all([startPostgres(), startRedis()]);
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, LOG_LEVEL: 'warn' };
    replicas = await Promise.all([startServiceProcess('chat', env), startServiceProcess('chat', env)]);
    for (const id of roomIds) {
      const body = JSON.stringify({ id, name: id });
      await fetch(`${replicas[0]?.url}/rooms`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    }
  });

  afterAll(async () => {
    for (const sender of senders) sender.close();
    await Promise.all([...replicas, redis, database].map((server) => server?.close()));
  });

  test('2,000 messages of 50 clients over two replicas survive kill -9 of Redis and a replica, and a restart of Postgres', async () => {
    let attempts = 0;
    const nextUrl = () => replicas[attempts++ % replicas.length]?.url ?? '';
    senders = Array.from({ length: SOCKETS }, (_, index) => {
      return new Sender({ nextUrl, roomId: roomIds[index % ROOMS] ?? '', userId: `user-${index}` });
    });
    await eventually(() => expect(senders.every(({ isOpen }) => isOpen)).toBe(true));

    await Promise.all([sendAll(senders), breakThings()]);
    await eventually(() => expect(senders.reduce((sum, { waiting }) => sum + waiting, 0)).toBe(0));

    const stored = await readStored(database.url);
    const inRooms = stored.filter(({ room_id }) => roomIds.includes(room_id));
    const acked = new Set(senders.flatMap((sender) => [...sender.acked]));
    expect(acked.size).toBe(SOCKETS * MESSAGES_EACH);
    expect(inRooms.length).toBe(SOCKETS * MESSAGES_EACH);
    expect(new Set(inRooms.map(({ client_id }) => client_id))).toEqual(acked);

    for (const index of senders.keys()) {
      const own = inRooms.filter(({ user_id }) => user_id === `user-${index}`);
      expect(own.map(({ content }) => content)).toEqual(contentsOf(index));
    }
    for (const [index, sender] of senders.entries()) {
      const expected = inRooms.filter(({ room_id }) => room_id === roomIds[index % ROOMS]);
      await eventually(() => expect(sender.seen.length).toBeGreaterThanOrEqual(expected.length));
      expect(sender.seen).toEqual(expected.map(({ id, seq }) => ({ type: 'message', id, seq })));
    }
    // The faults had an effect: a run in which no client reconnected would prove nothing.
    expect(senders.some(({ reconnects }) => reconnects > 0)).toBe(true);
  });

  const breakThings = async () => {
    await Bun.sleep(1_500);
    await redis.kill();
    await Bun.sleep(1_500);
    await redis.start();
    await Bun.sleep(500);
    await replicas[0]?.kill();
    await Bun.sleep(500);
    await replicas[0]?.start();
    await Bun.sleep(500);
    await database.stop();
    await Bun.sleep(500);
    await database.start();
  };
});

/** The messages that a user sends, in order. */
const contentsOf = (index: number): string[] =>
  Array.from({ length: MESSAGES_EACH }, (_, round) => `message ${round} of user ${index}`);

const sendAll = async (senders: readonly Sender[]): Promise<void> => {
  for (let round = 0; round < MESSAGES_EACH; round += 1) {
    for (const [index, sender] of senders.entries()) sender.send(contentsOf(index)[round] ?? '');
    await Bun.sleep(SEND_INTERVAL_MS);
  }
};

interface Stored {
  readonly id: string;
  readonly room_id: string;
  readonly user_id: string;
  readonly content: string;
  readonly seq: number;
  readonly client_id: string;
}

const readStored = async (url: string) => {
  const sql = postgres(url);
  try {
    return await sql<Stored[]>`
      select m.id, m.room_id, m.user_id, m.content, m.seq::int as seq, known.client_id
      from chat.messages m left join chat.client_ids known on known.message_id = m.id order by m.room_id, m.seq`;
  } finally {
    await sql.end();
  }
};
