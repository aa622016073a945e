-- Stores a heartbeat of one device, adds the person to the indexes, and publishes them as online unless the name index has them already.
-- KEYS: user, seen, devices, expiry index, name index
-- ARGV: user id, username, device, ttl ms, remember ms, most devices, channel
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
redis.call('HSET', KEYS[2], 'username', ARGV[2], 'at', now)
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call('ZADD', KEYS[3], now + ARGV[4], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -1 - ARGV[6])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
redis.call('ZADD', KEYS[4], now + ARGV[4], ARGV[1])
if redis.call('ZADD', KEYS[5], 0, ARGV[1]) == 1 then
  redis.call('PUBLISH', ARGV[7], cjson.encode({ user_id = ARGV[1], username = ARGV[2], online = true }))
end
return 1
