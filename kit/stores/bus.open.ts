/** Opens the bus of a URL. */
import type { Log } from '../process/log.ts';
import { createMemoryBus } from './bus.memory.ts';
import { createRedisBus } from './bus.redis.ts';
import type { Bus } from './bus.ts';

/** @param url `memory:NAME` for one process (one bus per name), else a Redis URL */
export const openBus = (url: string, log: Log): Bus =>
  url.startsWith('memory:') ? createMemoryBus(url) : createRedisBus(url, log);
