/** Presence on a Redis Cluster, where all its keys are in one slot because every script uses several. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { newFolder, reportLeftOut } from '@parley/testing/run/run-folder';
import { onFreePort, startProgram } from '@parley/testing/servers/process-server';
import { findProgram, freePort } from '@parley/testing/servers/programs';
import { probeRedis } from '@parley/testing/servers/redis';
import type { TestServer } from '@parley/testing/servers/test-server';
import { eventually } from '@parley/testing/time/eventually';
import { Redis } from 'ioredis';
import type { PresenceStores } from './stores.ts';
import { openReplica } from './testing/backends.ts';

const SUITE = 'presence on a Redis Cluster';
const program = findProgram('redis-server', 'valkey-server');

/** A cluster of one node: it has all slots, and rejects a command with keys in two of them. */
const startCluster = (server: string): Promise<TestServer> =>
  onFreePort(() => {
    const port = freePort();
    const folder = newFolder('redis-cluster');
    const url = `redis://127.0.0.1:${port}`;
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(freePort())];
    // A node learns its own address from others, which don't exist here.
    const address = ['--port', String(port), '--bind', '127.0.0.1', '--cluster-announce-ip', '127.0.0.1'];
    const command = [server, ...address, ...cluster, '--dir', folder, '--save', ''];
    return startProgram({ url, folder, command, stopSignal: 'SIGTERM', probe: () => probeRedis(url) });
  });

const suite = (server: string) => () => {
  let redis: TestServer;
  let cli: Redis;
  let stores: PresenceStores;
  beforeAll(async () => {
    redis = await startCluster(server);
    cli = new Redis(redis.url);
    await cli.cluster('ADDSLOTSRANGE', 0, 16_383);
    await eventually(async () => expect(await cli.cluster('INFO')).toContain('cluster_state:ok'));
    stores = await openReplica(redis.url.replace('redis:', 'redis+cluster:'), { onlineTtlMs: 1_000 });
  });
  afterAll(async () => {
    cli.disconnect();
    await stores.close();
    await redis.close();
  });

  test('the cluster rejects keys in two slots', async () => {
    await expect(cli.mset('one', '1', 'two', '2')).rejects.toThrow('CROSSSLOT');
  });

  test('people come online, are listed, expire and leave', async () => {
    // Sent together on one connection, so that nobody expires before the answer on a slow machine.
    const [, , page] = await Promise.all([
      stores.people.heartbeat('a{b}c:d', 'Ann'),
      stores.people.heartbeat('bob', 'Bob'),
      stores.people.page('', 10),
    ]);
    expect(page.map(({ user_id }) => user_id)).toEqual(['a{b}c:d', 'bob']);
    await stores.people.leave('bob');
    expect(await stores.people.find('bob')).toMatchObject({ username: 'Bob', online: false });
    await eventually(async () => expect(await stores.people.sweep()).toEqual({ online: 0, hasMore: false }));
    expect(await stores.people.find('a{b}c:d')).toMatchObject({ username: 'Ann', online: false });
  });

  test('typing is listed until it stops', async () => {
    await stores.typing.start('{room}', 'a{b}c:d', 'Ann');
    expect(await stores.typing.list('{room}')).toEqual([{ user_id: 'a{b}c:d', username: 'Ann', room_id: '{room}' }]);
    await stores.typing.stop('{room}', 'a{b}c:d');
    expect(await stores.typing.list('{room}')).toEqual([]);
  });
};

if (program) describe(SUITE, suite(program));
else reportLeftOut({ suite: SUITE, missing: ['redis-server'] });
