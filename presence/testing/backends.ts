/** Runs the same tests with both backends of presence. */
import { afterAll, beforeAll, describe, expect } from 'bun:test';
import type { Environment } from '@parley/kit/process/config';
import { createLog } from '@parley/kit/process/log';
import type { RunningService } from '@parley/kit/process/run';
import { openBus } from '@parley/kit/stores/bus.open';
import { describeWith, startRedis, type TestServer } from '@parley/testing/servers/servers';
import { eventually } from '@parley/testing/time/eventually';
import { PRESENCE_CHANGED, type PresenceChange } from '../contract.ts';
import { startPresence } from '../main.ts';
import { openStores, type PresenceStores, type StoresDeps } from '../stores.ts';

export const silent = createLog('presence-test', 'silent');

/** @param body gets a function that returns the backend's `REDIS_URL`, to be called in hooks and tests */
export const describeBackends = (name: string, body: (url: () => string) => void): void => {
  describe(`${name}, in memory`, () => {
    const url = `memory:test-${crypto.randomUUID()}`;
    body(() => url);
  });
  describeWith(['redis'], `${name}, in Redis`, () => {
    let redis: TestServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.close());
    body(() => redis.url);
  });
};

/** Starts a replica and waits for its store too: a replica is also ready without it. */
export const startReplica = async (url: string, env: Environment = {}): Promise<RunningService> => {
  const service = startPresence({ PORT: '0', REDIS_URL: url, LOG_LEVEL: 'silent', ...env });
  await service.ready;
  await eventually(async () => {
    const health = await (await fetch(`${service.url}/health`)).json();
    expect(health).not.toMatchObject({ redis: 'unavailable' });
  });
  return service;
};

/** Opens the stores as a replica does, and waits for them. */
export const openReplica = async (
  url: string,
  options: Partial<Pick<StoresDeps, 'onlineTtlMs' | 'typingTtlMs'>> = {},
): Promise<PresenceStores> => {
  const stores = openStores({ url, log: silent, onlineTtlMs: 30_000, typingTtlMs: 5_000, ...options });
  await stores.connected();
  await eventually(async () => expect(await stores.probe()).not.toBe('unavailable'));
  return stores;
};

export interface Changes {
  readonly heard: PresenceChange[];
  close(): Promise<void>;
}

/** Collects the changes that are published from now on. */
export const hearChanges = async (url: string): Promise<Changes> => {
  const heard: PresenceChange[] = [];
  const bus = openBus(url, silent);
  if (!bus.isConnected) await new Promise<void>((resolve) => bus.onConnection(() => resolve()));
  await bus.subscribe(PRESENCE_CHANGED, (message) => heard.push(JSON.parse(message)));
  return { heard, close: () => bus.close() };
};
