/** Faults: a store is away, a client reads too slowly, a replica stops. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import {
  describeWith,
  freshDatabase,
  startPostgres,
  startRedis,
  type TestServer,
} from '@parley/testing/servers/servers';
import { awakeMs } from '@parley/testing/time/awake';
import { eventually } from '@parley/testing/time/eventually';
import postgres from 'postgres';
import { connect, type TestClient } from './testing/client.ts';
import { startTestChat, type TestChat } from './testing/server.ts';

const send = (client: TestClient, content: string, clientId: string = crypto.randomUUID()): string => {
  client.send({ type: 'message', content, client_id: clientId });
  return clientId;
};
const ackOf = (clientId: string) => (frame: { type: string; client_id?: string }) =>
  frame.type === 'ack' && frame.client_id === clientId;
const WITHOUT_REDIS = ['the first without Redis', 'the second', 'the third'];
const errorOf = (clientId: string) => (frame: { type: string; client_id?: string }) =>
  frame.type === 'error' && frame.client_id === clientId;

describeWith(['postgres', 'faults'], 'while Postgres is away', () => {
  let database: TestServer;
  let chat: TestChat;
  beforeAll(async () => {
    database = await startPostgres();
    chat = await startTestChat({ databaseUrl: database.url });
  });
  afterAll(async () => {
    await chat?.stop();
    await database?.close();
  });

  const health = async () => (await fetch(`${chat.url}/health`)).json() as Promise<Record<string, string>>;

  /** Sends again until the message is stored, as a client does. */
  const sendUntilStored = (client: TestClient, content: string, clientId: string) =>
    eventually(async () => {
      send(client, content, clientId);
      await client.waitFor(ackOf(clientId), 500);
    });

  test('a send is refused as storage_unavailable, the socket stays, and sends work again when Postgres is back', async () => {
    const client = await connect(chat, { user: 'alice' });
    await client.joined();
    await database.stop();
    const clientId = send(client, 'into the void');
    expect(await client.waitFor(errorOf(clientId))).toMatchObject({ code: 'storage_unavailable' });
    await eventually(async () => expect(await health()).toMatchObject({ status: 'healthy', postgres: 'unavailable' }));
    const history = await fetch(`${chat.url}/rooms/general/messages`);
    expect(history.status).toBe(503);

    await database.start();
    await sendUntilStored(client, 'into the void', clientId);
    // The answer of a probe is cached for a moment.
    await eventually(async () => expect(await health()).toMatchObject({ postgres: 'connected' }));
    expect(client.frames.filter(({ content }) => content === 'into the void')).toHaveLength(1);
    await client.close();
  });

  test('while Postgres hangs a send is refused within 5 s, and a retry of a message that it may have stored is the same message', async () => {
    const client = await connect(chat, { user: 'bob' });
    await client.joined();
    database.pause();
    const startedAt = awakeMs();
    const clientId = send(client, 'was it stored?');
    try {
      expect(await client.waitFor(errorOf(clientId))).toMatchObject({ code: 'storage_unavailable' });
      expect(awakeMs() - startedAt).toBeLessThan(5_500);
    } finally {
      database.resume();
    }
    await sendUntilStored(client, 'was it stored?', clientId);
    const sent = () => client.frames.filter(({ content }) => content === 'was it stored?');
    await eventually(() => expect(sent()).toHaveLength(1));
    await client.close();
  });
});

describeWith(['postgres', 'redis', 'faults'], 'while Redis is away', () => {
  let database: TestServer;
  let redis: TestServer;
  let replicas: TestChat[] = [];
  beforeAll(async () => {
    [database, redis] = await Promise.all([startPostgres(), startRedis()]);
    await redis.stop();
    const stores = { databaseUrl: database.url, redisUrl: redis.url };
    replicas = await Promise.all([startTestChat(stores), startTestChat(stores)]);
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await Promise.all([redis, database].map((server) => server?.close()));
  });

  const connectTo = async (replica: number, user: string) => {
    const chat = replicas[replica];
    if (!chat) throw new Error(`There is no replica ${replica}`);
    return connect(chat, { user, username: user });
  };

  test('from the start: each replica works, and gets the changes of the other from the log; after that events cross at once', async () => {
    const alice = await connectTo(0, 'alice');
    await alice.joined();
    const [bob, carol] = await Promise.all([connectTo(0, 'bob'), connectTo(1, 'carol')]);
    await alice.waitFor(({ type, user_id }) => type === 'user_joined' && user_id === 'bob');
    await carol.joined();
    alice.send({ type: 'typing' });
    await bob.waitFor(({ type, user_id }) => type === 'typing' && user_id === 'alice');
    const waits: number[] = [];
    for (const content of WITHOUT_REDIS) {
      const saidAt = awakeMs();
      send(alice, content);
      for (const client of [alice, bob, carol]) await client.waitFor((frame) => frame.content === content);
      waits.push(awakeMs() - saidAt);
    }
    // By the poll of every second, not by the one of every five.
    expect(waits.toSorted((a, b) => a - b)[1]).toBeLessThan(4_000);

    await redis.start();
    await eventually(async () => {
      alice.send({ type: 'typing' });
      await carol.waitFor(({ type, user_id }) => type === 'typing' && user_id === 'alice', 300);
    });
    send(alice, 'with Redis');
    for (const client of [alice, bob, carol]) {
      await client.waitFor(({ content }) => content === 'with Redis');
      const contents = client.frames.filter(({ type }) => type === 'message').map(({ content }) => content);
      expect(contents).toEqual([...WITHOUT_REDIS, 'with Redis']);
      await client.close();
    }
  });
});

/** A socket that upgrades by hand, and reads nothing before the test reads. */
const connectSlowly = async (chat: TestChat) => {
  const { hostname, port } = new URL(chat.url);
  const socket = connectTcp(Number(port), hostname);
  socket.pause();
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const headers = [
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
  ];
  socket.write(`GET /ws/general/slow HTTP/1.1\r\nHost: ${hostname}\r\n${headers.join('\r\n')}\r\n\r\n`);
  return {
    readAll: () =>
      new Promise<Buffer>((resolve) => {
        const chunks: Uint8Array[] = [];
        socket.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
        socket.on('close', () => resolve(Buffer.concat(chunks)));
        socket.resume();
      }),
  };
};

const countOf = async (chat: TestChat, series: string): Promise<number> => {
  const text = await (await fetch(chat.metricsUrl)).text();
  const line = text.split('\n').find((one) => one.startsWith(series));
  return Number(line?.split(' ').at(-1) ?? 0);
};

test('a slow reader is closed with a code after which clients reconnect, and misses nothing', async () => {
  const chat = await startTestChat({
    FRAMES_PER_SECOND: '0',
    SOCKET_BUFFER_BYTES: '4194304',
    // So that the messages that fill the socket are never more than the limit of resync.
    RESYNC_LIMIT: '100000',
  });
  try {
    const alice = await connect(chat, { user: 'alice' });
    await alice.joined();
    const slow = await connectSlowly(chat);
    await alice.waitFor(({ type, user_id }) => type === 'user_joined' && user_id === 'slow');
    const isClosed = async () => (await countOf(chat, 'parley_chat_closes_total{reason="slow_reader"')) === 1;
    let sent = 0;
    await eventually(
      async () => {
        // Few messages per attempt, so that the periodic check finds the socket's buffer above the soft bound, below the hard one.
        for (let burst = 0; burst < 20; burst += 1) send(alice, `${sent++} ${'x'.repeat(7_900)}`);
        expect(await isClosed()).toBe(true);
      },
      { timeoutMs: 30_000 },
    );
    await eventually(() => expect(alice.frames.filter(({ type }) => type === 'ack')).toHaveLength(sent));

    // The last frame is the close: opcode 8, and 1013 as its first two bytes.
    const read = await slow.readAll();
    const closeAt = read.lastIndexOf(Buffer.from([0x88]));
    expect(read.readUInt16BE(closeAt + 2)).toBe(1_013);

    const back = await connect(chat, { user: 'slow', since: 0 });
    await back.waitFor(({ type }) => type === 'ready');
    const seqs = back.frames.flatMap(({ type, seq }) => (type === 'message' && seq ? [seq] : []));
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
    expect(back.frames.filter(({ user_id }) => user_id === 'alice').length).toBeGreaterThanOrEqual(sent);
  } finally {
    await chat.stop();
  }
});

describeWith(['postgres'], 'on SIGTERM', () => {
  test('a replica acknowledges all that it stored, sends its sockets elsewhere and ends with 0', async () => {
    const database = await freshDatabase();
    const child = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts')], {
      env: { ...process.env, PORT: '0', DATABASE_URL: database.url, REDIS_URL: 'memory:stopping' },
      stdout: 'pipe',
      stderr: 'inherit',
    });
    const url = await readUrl(child.stdout);
    const client = await connect({ wsUrl: url.replace('http', 'ws') }, { user: 'alice' });
    await client.joined();
    const clientIds = Array.from({ length: 200 }, (_, index) => send(client, `message ${index}`));
    await client.waitFor(({ type }) => type === 'ack');
    const startedAt = awakeMs();
    child.kill('SIGTERM');

    expect(await client.closed).toMatchObject({ code: 1_012 });
    expect(await child.exited).toBe(0);
    expect(awakeMs() - startedAt).toBeLessThan(10_000);
    const acked = client.frames.filter(({ type }) => type === 'ack').map(({ client_id }) => client_id);
    expect(acked).toEqual(await readClientIds(database.url));
    // Only the last frames can be unread: their client sends them again, to another replica.
    expect(acked).toEqual(clientIds.slice(0, acked.length));
    await database.drop();
  });
});

const readClientIds = async (url: string): Promise<(string | undefined)[]> => {
  const sql = postgres(url, { max: 1 });
  const rows = await sql<{ client_id: string }[]>`select client_id from chat.client_ids order by position`;
  await sql.end();
  return rows.map(({ client_id }) => client_id);
};

/** The address that a service logs when it listens. */
const readUrl = async (stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> => {
  let text = '';
  for await (const chunk of stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const url = /"event":"ready","url":"([^"]+)"/.exec(text)?.[1];
    if (url) return url;
  }
  throw new Error(`chat did not get ready: ${text}`);
};
