-- Removes a person, or only a device if others of theirs are online. Publishes the person as offline if the name index had them.
-- KEYS: user, seen, devices, expiry index, name index   ARGV: user id, channel, device (left out: all of them)
if ARGV[3] then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREM', KEYS[3], ARGV[3])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
  -- The person expires with the last of their devices.
  local longest = redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')[2]
  if longest then
    redis.call('PEXPIREAT', KEYS[1], longest)
    redis.call('ZADD', KEYS[4], 'XX', longest, ARGV[1])
    return 0
  end
end
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('ZREM', KEYS[4], ARGV[1])
local left = redis.call('ZREM', KEYS[5], ARGV[1])
if left == 1 then
  local username = redis.call('HGET', KEYS[2], 'username') or ARGV[1]
  redis.call('PUBLISH', ARGV[2], cjson.encode({ user_id = ARGV[1], username = username, online = false }))
end
return left
