/** For tests: chat on each of its backends. One body of tests runs on both. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import { createLog } from '@parley/kit/process/log';
import type { Database } from '@parley/kit/stores/database';
import { openDatabase } from '@parley/kit/stores/database.open';
import { newEmbeddedUrl } from '@parley/testing/servers/embedded';
import { describeWith, freshDatabase, startRedis } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { migrations } from '../db/migrations/index.ts';
import { request } from './http.ts';
import { startTestChat, type TestChat } from './server.ts';

export const silent = createLog('chat-test', 'silent');

/** The stores that replicas share. */
export interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

interface Opened extends Stores {
  close(): Promise<void>;
}

const openEmbedded = async (): Promise<Opened> => ({
  databaseUrl: newEmbeddedUrl(),
  redisUrl: `memory:chat-test-${crypto.randomUUID()}`,
  close: async () => undefined,
});

const openServers = async (): Promise<Opened> => {
  const [database, redis] = await Promise.all([freshDatabase(), startRedis()]);
  const close = async () => {
    await Promise.all([database.drop(), redis.close()]);
  };
  return { databaseUrl: database.url, redisUrl: redis.url, close };
};

/** @param body gets a function that gives the stores, to be called in hooks and tests */
const describeStores = (name: string, body: (stores: () => Stores) => void): void => {
  const suite = (open: () => Promise<Opened>) => () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    body(() => opened);
  };
  describe(`${name}, embedded`, suite(openEmbedded));
  describeWith(['postgres', 'redis'], `${name}, on Postgres and Redis`, suite(openServers));
};

export interface Replicas {
  readonly here: TestChat;
  readonly there: TestChat;
  readonly stores: Stores;
}

/**
 * Two replicas over the same stores.
 * @param env variables of both
 * @param body gets a function that gives them, to be called in hooks and tests
 */
export const describeReplicas = (
  name: string,
  env: Record<string, string>,
  body: (replicas: () => Replicas) => void,
): void =>
  describeStores(name, (stores) => {
    let replicas: Replicas;
    beforeAll(async () => {
      const start = async () => {
        const chat = await startTestChat({ ...stores(), ...env });
        // /ready does not wait for the bus; wait here, because typing and joins travel only on it.
        await eventually(async () =>
          expect((await request(chat, 'GET', '/health')).body).not.toMatchObject({ redis: 'unavailable' }),
        );
        return chat;
      };
      const [here, there] = await Promise.all([start(), start()]);
      replicas = { here, there, stores: stores() };
    });
    afterAll(() => Promise.all([replicas.here.stop(), replicas.there.stop()]).then(() => undefined));
    body(() => replicas);
  });

/** One migrated database, opened twice as by two replicas. */
export interface Databases {
  readonly here: Database;
  readonly there: Database;
}

const connectTwice = async (url: string): Promise<Databases> => {
  const [here, there] = [openDatabase({ url, log: silent }), openDatabase({ url, log: silent })];
  // At the same time, as by replicas that start together.
  await Promise.all([here.migrate('chat', migrations), there.migrate('chat', migrations)]);
  return { here, there };
};

/** @param body gets a function that gives the database, to be called in hooks and tests */
export const describeDatabases = (name: string, body: (databases: () => Databases) => void): void => {
  const suite = (open: () => Promise<Pick<Opened, 'databaseUrl' | 'close'>>) => () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let databases: Databases;
    beforeAll(async () => {
      opened = await open();
      databases = await connectTwice(opened.databaseUrl);
    });
    afterAll(async () => {
      await Promise.all([databases.here.close(), databases.there.close()]);
      await opened.close();
    });
    body(() => databases);
  };
  const openServer = async () => {
    const { url, drop } = await freshDatabase();
    return { databaseUrl: url, close: drop };
  };
  describe(`${name}, embedded`, suite(openEmbedded));
  describeWith(['postgres'], `${name}, on Postgres`, suite(openServer));
};
