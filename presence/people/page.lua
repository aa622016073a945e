-- At most `limit` entries of the name index from `start` on, as a flat list: id, username, last seen ms. The username is missing for a
-- person who has expired and whom no sweep has removed yet.
-- KEYS: name index   ARGV: start ('-' or '(id'), limit, what user keys begin with, what seen keys begin with
local page = {}
for _, id in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], '+', 'LIMIT', 0, ARGV[2])) do
  page[#page + 1] = id
  page[#page + 1] = redis.call('GET', ARGV[3] .. id)
  page[#page + 1] = redis.call('HGET', ARGV[4] .. id, 'at')
end
return page
