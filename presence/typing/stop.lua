-- Removes a person who stopped typing.
-- KEYS: typing, index by expiry, names   ARGV: user id
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return 1
