-- Takes a person out, and announces it if the index knew them.
-- KEYS: user, seen, expiry index, name index   ARGV: user id, channel
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[3], ARGV[1])
local left = redis.call('ZREM', KEYS[4], ARGV[1])
if left == 1 then
  local username = redis.call('HGET', KEYS[2], 'username') or ARGV[1]
  redis.call('PUBLISH', ARGV[2], cjson.encode({ user_id = ARGV[1], username = username, online = false }))
end
return left
