/**
 * Redis connections. `REDIS_URL` may name one server (`redis://`, `rediss://` for TLS), a Sentinel group
 * (`redis+sentinel://host:26379,host:26379/group`) or a cluster (`redis+cluster://host:6379,host:6379`).
 */
import { Cluster, Redis } from 'ioredis';
import type { Log } from '../process/log.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 1_500;
/** A connection without a reply for this long is replaced: the other end may be gone without having closed it. */
const SILENCE_LIMIT_MS = 3_000;
const MAX_RETRY_DELAY_MS = 1_000;
const RECONNECT_INTERVAL_MS = 1_000;
const DEFAULT_SENTINEL_PORT = 26_379;
const DEFAULT_PORT = 6_379;

export type RedisClient = Redis | Cluster;

/**
 * A client that reconnects forever (at most a second between attempts). Its commands fail immediately while disconnected, and within
 * 1.5 s when Redis hangs.
 */
export const connectRedis = (url: string, log: Log): RedisClient => {
  const client = createClient(url, createReconnectRule());
  let isAway = false;
  client.on('error', (error: Error) => {
    if (!isAway) log.warn({ event: 'redis_away', error: error.message });
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) log.info({ event: 'redis_back' });
    isAway = false;
  });
  return client;
};

/** Errors of a server that has become a replica. A new connection to the same address may reach the new primary. */
const REPLICA_REPLY = /\b(READONLY|MASTERDOWN)\b/;

/** Limited to one reconnect per interval: otherwise every command to a permanent replica would reconnect. */
const createReconnectRule = () => {
  let reconnectedAt = Number.NEGATIVE_INFINITY;
  return (error: Error): boolean => {
    if (!REPLICA_REPLY.test(error.message) || performance.now() - reconnectedAt < RECONNECT_INTERVAL_MS) return false;
    reconnectedAt = performance.now();
    return true;
  };
};

/**
 * Whether the server is a primary. A replica accepts PUBLISH too, but delivers only to its own subscribers. The nodes of a cluster forward
 * messages to each other. A server that doesn't report its role counts as primary.
 */
export const isPrimary = async (client: RedisClient): Promise<boolean> => {
  if (client instanceof Cluster) return true;
  // Unlike ROLE and INFO, HELLO needs no permission.
  const reply: unknown = await client.call('HELLO').catch((error: Error) => {
    if (error.name !== 'ReplyError') throw error;
    return [];
  });
  const fields = Array.isArray(reply) ? reply : [];
  return fields[fields.indexOf('role') + 1] !== 'replica';
};

const commonOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SILENCE_LIMIT_MS,
  autoResubscribe: false,
  retryStrategy: (attempt: number) => Math.min(attempt * 100, MAX_RETRY_DELAY_MS),
};

const createClient = (url: string, reconnectOnError: (error: Error) => boolean): RedisClient => {
  const options = { ...commonOptions, reconnectOnError };
  const [scheme = '', rest = ''] = url.split('://');
  if (!scheme.startsWith('redis+')) return new Redis(url, options);
  const parsed = new URL(`redis://${rest.replace(/,[^/]*/, '')}`);
  const hosts = rest.replace(/^.*@/, '').split(/[/?]/)[0] ?? '';
  const credentials = {
    ...(parsed.username && { username: parsed.username }),
    ...(parsed.password && { password: parsed.password }),
  };
  const nodes = (defaultPort: number) =>
    hosts.split(',').map((address) => {
      const [host = 'localhost', port] = address.split(':');
      return { host, port: port ? Number(port) : defaultPort };
    });
  if (scheme === 'redis+sentinel') {
    return new Redis({
      ...options,
      ...credentials,
      sentinels: nodes(DEFAULT_SENTINEL_PORT),
      name: parsed.pathname.slice(1) || 'mymaster',
    });
  }
  return new Cluster(nodes(DEFAULT_PORT), {
    enableOfflineQueue: false,
    redisOptions: { ...options, ...credentials },
    clusterRetryStrategy: (attempt) => Math.min(attempt * 100, MAX_RETRY_DELAY_MS),
  });
};
