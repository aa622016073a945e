import type { Log } from '@parley/kit/process/log';
import { createMemoryRoster } from './roster.memory.ts';
import { createRedisRoster } from './roster.redis.ts';
import type { Roster } from './roster.ts';

/** @param url as for the bus: `memory:NAME` for one process, else a Redis URL */
export const openRoster = (url: string, log: Log): Roster =>
  url.startsWith('memory:') ? createMemoryRoster(url) : createRedisRoster(url, log);
