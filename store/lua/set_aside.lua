-- Move what nobody can read out of the way. ARGV: key, seconds to keep it; for one field of a hash
-- that field, and what was seen in it: what is another by now stays.
local key, name, raw = ARGV[1], ARGV[1], nil

if ARGV[3] then
    raw = redis.call('HGET', key, ARGV[3])
    if raw ~= ARGV[4] then
        return
    end
    name = key .. ' ' .. ARGV[3]
    redis.call('HDEL', key, ARGV[3])
else
    raw = redis.call('DUMP', key)
    redis.call('DEL', key)
end
if raw then
    redis.call('HSET', 'ah:aside', name, raw)
    redis.call('EXPIRE', 'ah:aside', ARGV[2])
end
