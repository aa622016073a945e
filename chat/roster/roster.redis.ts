/**
 * The roster in Redis. Per room, three kinds of keys, with the room as hash tag so that a cluster keeps them on one node:
 * `chat:roster:{room}` (sorted set: user, when the last entry runs out), `...:names` (hash: user, username) and
 * `...:holders:USER` (sorted set: replica, when its entry runs out). Each step is one script, and so atomic.
 */
import type { Log } from '@parley/kit/process/log';
import { connectRedis } from '@parley/kit/stores/redis';
import { type Attendee, ROSTER_TTL_MS, type Roster } from './roster.ts';

const SWEEP_LIMIT = 100;

const NOW = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** KEYS: roster, names, holders. ARGV: user, username, replica, ttl in ms. Answers 1 when the user was not in the room, or held by this replica alone. */
const ENTER = `${NOW}
local was_here = redis.call('ZSCORE', KEYS[1], ARGV[1])
local holders = redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. now, '+inf')
if #holders == 1 and holders[1] == ARGV[3] then was_here = false end
redis.call('ZADD', KEYS[3], now + ARGV[4], ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('ZADD', KEYS[1], 'GT', now + ARGV[4], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return was_here and 0 or 1`;

/** KEYS and ARGV as above. Answers 1 when no replica holds the user any more. */
const LEAVE = `${NOW}
redis.call('ZREM', KEYS[3], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
if redis.call('ZCARD', KEYS[3]) > 0 then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1`;

/** KEYS: roster, names. ARGV: limit. Answers user and username by turns. */
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

  const call = ({ roomId, person: { userId, username } }: Attendee): [3, ...(string | number)[]] => [
    3,
    rosterKey(roomId),
    namesKey(roomId),
    `${rosterKey(roomId)}:holders:${userId}`,
    userId,
    username,
    replica,
    ttlMs,
  ];

  const sweepRoom = async (roomId: string): Promise<Attendee[]> => {
    const gone = (await redis.eval(SWEEP, 2, rosterKey(roomId), namesKey(roomId), SWEEP_LIMIT)) as string[];
    const pairs = Array.from({ length: gone.length / 2 }, (_, index) => gone.slice(2 * index, 2 * index + 2));
    return pairs.map(([userId = '', username = '']) => ({ roomId, person: { userId, username } }));
  };

  return {
    enter: async (attendee) => (await redis.eval(ENTER, ...call(attendee))) === 1,
    leave: async (attendee) => (await redis.eval(LEAVE, ...call(attendee))) === 1,
    refresh: async (attendees) => {
      await Promise.all(attendees.map((attendee) => redis.eval(ENTER, ...call(attendee))));
    },
    sweep: async (roomIds) => (await Promise.all(roomIds.map(sweepRoom))).flat(),
    close: async () => redis.disconnect(),
  };
};
