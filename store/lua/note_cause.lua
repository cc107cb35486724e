-- Count a hangup cause; a new one only while there is room. ARGV: cause, most fields, field of the
-- others. The last place is theirs.
local known = redis.call('HEXISTS', 'ah:hangup-causes', ARGV[1]) == 1
local room = redis.call('HLEN', 'ah:hangup-causes') < tonumber(ARGV[2]) - 1
redis.call('HINCRBY', 'ah:hangup-causes', (known or room) and ARGV[1] or ARGV[3], 1)
