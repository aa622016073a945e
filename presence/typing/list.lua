-- Who is typing, as a flat list: id, username.
-- KEYS: index by expiry, names   ARGV: limit
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local list = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now), '+inf', 'LIMIT', 0, ARGV[1])) do
  list[#list + 1] = id
  list[#list + 1] = redis.call('HGET', KEYS[2], id) or id
end
return list
