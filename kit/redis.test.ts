import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createLog } from './log.ts';
import { connectRedis } from './redis.ts';
import { eventually } from './testing/eventually.ts';
import { describeWith, startRedis, type TestServer } from './testing/servers.ts';

/** Stands between a client and Redis, and can lose the connections it has without closing them, as a network does. */
const startLossyNetwork = (redisUrl: string) => {
  const target = new URL(redisUrl);
  type Link = { isLost: boolean; pending: Buffer[]; upstream?: Bun.Socket<Link>; client: Bun.Socket<Link> };
  const links = new Set<Link>();
  const listener = Bun.listen<Link>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open: (client) => {
        const link: Link = { isLost: false, pending: [], client };
        client.data = link;
        links.add(link);
        void Bun.connect<Link>({
          hostname: target.hostname,
          port: Number(target.port),
          data: link,
          socket: {
            open: (upstream) => {
              link.upstream = upstream;
              for (const chunk of link.pending.splice(0)) upstream.write(chunk);
            },
            data: (_, chunk) => {
              if (!link.isLost) link.client.write(chunk);
            },
          },
        });
      },
      data: ({ data: link }, chunk) => {
        if (link.isLost) return;
        if (link.upstream) link.upstream.write(chunk);
        else link.pending.push(Buffer.from(chunk));
      },
      close: ({ data: link }) => {
        links.delete(link);
        link.upstream?.end();
      },
    },
  });
  return {
    url: `redis://127.0.0.1:${listener.port}`,
    loseConnections: () => {
      for (const link of links) link.isLost = true;
    },
    close: () => listener.stop(true),
  };
};

describeWith(['redis'], 'the Redis connection', () => {
  let redis: TestServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  test('is made anew when the network lost it without a word', async () => {
    const network = startLossyNetwork(redis.url);
    const client = connectRedis(network.url, createLog('test', 'silent'));
    try {
      await eventually(async () => expect(await client.ping()).toBe('PONG'));
      network.loseConnections();
      expect(client.ping()).rejects.toThrow('Command timed out');
      await eventually(async () => expect(await client.ping()).toBe('PONG'), { timeoutMs: 8_000 });
    } finally {
      client.disconnect();
      network.close();
    }
  }, 12_000);
});
