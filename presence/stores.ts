/** Opens the stores of this service by the scheme of `REDIS_URL`: Redis, or memory for one process. */

import type { StoreState } from '@parley/kit/process/health';
import type { Log } from '@parley/kit/process/log';
import { openBus } from '@parley/kit/stores/bus.open';
import { connectRedis } from '@parley/kit/stores/redis';
import { keepFor } from '@parley/kit/time/keep-for';
import { withTimeout } from '@parley/kit/time/timeout';
import { createMemoryPeople, createPeopleMemory } from './people/store.memory.ts';
import { createRedisPeople } from './people/store.redis.ts';
import type { PeopleStore } from './people/store.ts';
import { keyPrefix } from './redis.ts';
import { createMemoryTyping, createTypingMemory } from './typing/store.memory.ts';
import { createRedisTyping } from './typing/store.redis.ts';
import type { TypingStore } from './typing/store.ts';

export interface PresenceStores {
  readonly people: PeopleStore;
  readonly typing: TypingStore;
  /** Resolves when the stores are connected, or after a second without them: the connection retries in the background. */
  connected(): Promise<void>;
  /** For /health and /ready: whether they take writes. */
  probe(): Promise<StoreState>;
  close(): Promise<void>;
}

export interface StoresDeps {
  /** `memory:NAME` for one process (one memory per name), else a Redis URL. */
  readonly url: string;
  readonly log: Log;
  readonly onlineTtlMs: number;
  readonly typingTtlMs: number;
}

/** A store that is away doesn't hold up the start: requests are refused until the connection is there. */
const ignoreTimeout = () => undefined;

const CONNECT_MS = 1_000;
const PROBE_LASTS_MS = 100;

const openRedisStores = ({ url, log, onlineTtlMs, typingTtlMs }: StoresDeps): PresenceStores => {
  const client = connectRedis(url, log);
  return {
    people: createRedisPeople(client, onlineTtlMs),
    typing: createRedisTyping(client, typingTtlMs),
    connected: async () => {
      const connected = new Promise<void>((resolve) => client.once('ready', () => resolve()));
      if (client.status !== 'ready') await withTimeout(connected, CONNECT_MS).catch(ignoreTimeout);
    },
    // A write, because PING also succeeds on a replica, on a server whose memory is full, and on one that lacks its replicas.
    probe: keepFor(PROBE_LASTS_MS, () =>
      client.set(`${keyPrefix(client)}:probe`, '', 'PX', 1).then(
        () => 'connected' as const,
        () => 'unavailable' as const,
      ),
    ),
    close: async () => client.disconnect(),
  };
};

const memories = new Map<string, ReturnType<typeof createMemory>>();

const createMemory = () => ({ people: createPeopleMemory(), typing: createTypingMemory(), users: 0 });

const openMemoryStores = ({ url, log, onlineTtlMs, typingTtlMs }: StoresDeps): PresenceStores => {
  const memory = memories.get(url) ?? createMemory();
  memories.set(url, memory);
  memory.users += 1;
  const bus = openBus(url, log);
  return {
    people: createMemoryPeople(memory.people, bus, onlineTtlMs),
    typing: createMemoryTyping(memory.typing, typingTtlMs),
    connected: async () => undefined,
    probe: async () => 'embedded',
    close: async () => {
      memory.users -= 1;
      if (memory.users === 0) memories.delete(url);
      await bus.close();
    },
  };
};

export const openStores = (deps: StoresDeps): PresenceStores =>
  deps.url.startsWith('memory:') ? openMemoryStores(deps) : openRedisStores(deps);
