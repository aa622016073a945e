import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openLeakyProxy } from '@parley/testing/network/leaky-proxy';
import { describeWith, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { createLog } from '../process/log.ts';
import { connectRedis } from './redis.ts';

describeWith(['redis'], 'the Redis connection', () => {
  let redis: TestServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  test('is replaced when the network dropped it silently', async () => {
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
