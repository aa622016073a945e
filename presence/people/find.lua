-- Reads one person: the username if online, the username of the last heartbeat, its time in ms.
-- KEYS: user, seen
local seen = redis.call('HMGET', KEYS[2], 'username', 'at')
return { redis.call('GET', KEYS[1]), seen[1], seen[2] }
