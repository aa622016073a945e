import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createLog } from './log.ts';
import { connectRedis } from './redis.ts';
import { eventually } from './testing/eventually.ts';
import { openLeakyProxy } from './testing/leaky-proxy.ts';
import { describeWith, startRedis, type TestServer } from './testing/servers.ts';

describeWith(['redis'], 'the Redis connection', () => {
  let redis: TestServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  test('is made anew when the network lost it without a word', async () => {
    const network = openLeakyProxy(new URL(redis.url));
    const client = connectRedis(`redis://127.0.0.1:${network.port}`, createLog('test', 'silent'));
    try {
      await eventually(async () => expect(await client.ping()).toBe('PONG'));
      network.goDeaf();
      await expect(client.ping()).rejects.toThrow('Command timed out');
      await eventually(async () => expect(await client.ping()).toBe('PONG'));
    } finally {
      client.disconnect();
      network.close();
    }
  });
});
