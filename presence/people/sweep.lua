-- Removes at most `limit` people who have expired, and publishes each as offline. A person is removed once, whichever replica runs this.
-- Returns the number of removed people, and of people online.
-- KEYS: expiry index, name index   ARGV: limit, channel, what seen keys begin with
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expired = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, id in ipairs(expired) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
  local username = redis.call('HGET', ARGV[3] .. id, 'username') or id
  redis.call('PUBLISH', ARGV[2], cjson.encode({ user_id = id, username = username, online = false }))
end
return { #expired, redis.call('ZCARD', KEYS[2]) }
