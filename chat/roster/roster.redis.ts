/**
 * The roster in Redis. Per room, four kinds of keys, with the room as hash tag so that a cluster keeps them on one node:
 * `chat:roster:{room}` (sorted set: user, when the last entry expires), `...:names` (hash: user, username), `...:holders:USER` (sorted
 * set: replica, when its entry expires) and `...:step:USER` (the last step that was answered with true). Each step is one script, which
 * makes it atomic.
 */
import type { Log } from '@parley/kit/process/log';
import { connectRedis } from '@parley/kit/stores/redis';
import { type Occupant, ROSTER_TTL_MS, type Roster } from './roster.ts';

const SWEEP_LIMIT = 100;
/** How long the last step of a person is kept: longer than a caller takes to repeat a step whose answer got lost. */
const STEP_TTL_MS = 5_000;
/** The step of a refresh, whose answer is ignored. */
const NO_STEP = '';

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * KEYS: roster, names, holders, step. ARGV: user, username, replica, ttl in ms, step, its ttl in ms. Returns 1 when the user was not in
 * the room, or held by this replica alone; a repeated step that returned 1 returns 1 again.
 */
const ENTER = `${NOW}
local was_here = redis.call('ZSCORE', KEYS[1], ARGV[1])
local holders = redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. now, '+inf')
if #holders == 1 and holders[1] == ARGV[3] then was_here = false end
redis.call('ZADD', KEYS[3], now + ARGV[4], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('ZADD', KEYS[1], 'GT', now + ARGV[4], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
if ARGV[5] == '' then return 0 end
if was_here then return redis.call('GET', KEYS[4]) == ARGV[5] and 1 or 0 end
redis.call('SET', KEYS[4], ARGV[5], 'PX', ARGV[6])
return 1`;

/**
 * KEYS and ARGV as above. Returns 1 when no replica holds the user any more; 0 when the user has just left by the step of another
 * replica.
 */
const LEAVE = `${NOW}
redis.call('ZREM', KEYS[3], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
if redis.call('ZCARD', KEYS[3]) > 0 then return 0 end
local was_here = redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
local last = redis.call('GET', KEYS[4])
if was_here == 0 and last and last ~= ARGV[5] then return 0 end
redis.call('SET', KEYS[4], ARGV[5], 'PX', ARGV[6])
return 1`;

/** KEYS: roster, names. ARGV: limit. Returns user and username alternately. */
const SWEEP = `${NOW}
local gone = {}
for _, user in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])) do
  redis.call('ZREM', KEYS[1], user)
  gone[#gone + 1] = user
  gone[#gone + 1] = redis.call('HGET', KEYS[2], user) or user
  redis.call('HDEL', KEYS[2], user)
end
return gone`;

const rosterKey = (roomId: string) => `chat:roster:{${roomId}}`;
const namesKey = (roomId: string) => `${rosterKey(roomId)}:names`;

export const createRedisRoster = (url: string, log: Log, ttlMs = ROSTER_TTL_MS): Roster => {
  const redis = connectRedis(url, log);
  const replica = crypto.randomUUID();

  const call = (
    { roomId, person: { userId, username } }: Occupant,
    step: string = crypto.randomUUID(),
  ): [4, ...(string | number)[]] => [
    4,
    rosterKey(roomId),
    namesKey(roomId),
    `${rosterKey(roomId)}:holders:${userId}`,
    `${rosterKey(roomId)}:step:${userId}`,
    userId,
    username,
    replica,
    ttlMs,
    step,
    STEP_TTL_MS,
  ];

  const sweepRoom = async (roomId: string): Promise<Occupant[]> => {
    const gone = (await redis.eval(SWEEP, 2, rosterKey(roomId), namesKey(roomId), SWEEP_LIMIT)) as string[];
    const pairs = Array.from({ length: gone.length / 2 }, (_, index) => gone.slice(2 * index, 2 * index + 2));
    return pairs.map(([userId = '', username = '']) => ({ roomId, person: { userId, username } }));
  };

  return {
    enter: async (occupant, step) => (await redis.eval(ENTER, ...call(occupant, step))) === 1,
    leave: async (occupant, step) => (await redis.eval(LEAVE, ...call(occupant, step))) === 1,
    refresh: async (occupants) => {
      await Promise.all(occupants.map((occupant) => redis.eval(ENTER, ...call(occupant, NO_STEP))));
    },
    sweep: async (roomIds) => (await Promise.all(roomIds.map(sweepRoom))).flat(),
    close: async () => redis.disconnect(),
  };
};
