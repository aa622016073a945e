-- What is known of one person: the username if online, the username last heard, last seen ms.
-- KEYS: user, seen
local seen = redis.call('HMGET', KEYS[2], 'username', 'at')
return { redis.call('GET', KEYS[1]), seen[1], seen[2] }
