-- Whoever was parked for this reason (a vendor, or `disabled`) becomes due at once, oldest first.
-- ARGV: reason. Returns how many.
local parked = 'ah:parked:' .. ARGV[1]
local count = redis.call('ZCARD', parked)
redis.call('DEL', 'ah:pause:' .. ARGV[1])
if count > 0 then
    redis.call('ZUNIONSTORE', 'ah:due', 2, 'ah:due', parked, 'AGGREGATE', 'MIN')
    redis.call('DEL', parked)
end
return count
