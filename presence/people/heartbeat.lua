-- A sign of life. Indexes it in the same round trip, and announces the person unless the index already knows them.
-- KEYS: user, seen, expiry index, name index   ARGV: user id, username, ttl ms, remember ms, channel
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('HSET', KEYS[2], 'username', ARGV[2], 'at', now)
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('ZADD', KEYS[3], now + ARGV[3], ARGV[1])
if redis.call('ZADD', KEYS[4], 0, ARGV[1]) == 1 then
  redis.call('PUBLISH', ARGV[5], cjson.encode({ user_id = ARGV[1], username = ARGV[2], online = true }))
end
return 1
