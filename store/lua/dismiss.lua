-- Give failures up: out of the list, the dismissal noted in their records.
-- ARGV: seconds that the records live on, then three per failure: id, the record as it was read
--   ('' = there is none), the record to keep.
-- Returns the ids dismissed. Left are those that failed no more, that are being tried again, or whose
-- record changed since it was read.
local t = redis.call('TIME')
local stamp = string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000))
local dismissed = {}
for i = 2, #ARGV, 3 do
    local id, key = ARGV[i], 'ah:record:' .. ARGV[i]
    local busy = redis.call('ZSCORE', 'ah:due', id) or redis.call('HEXISTS', 'ah:owner', id) == 1
    for _, why in ipairs({'hubspot', 'aircall', 'disabled'}) do
        busy = busy or redis.call('ZSCORE', 'ah:parked:' .. why, id)
    end
    if not busy and redis.call('ZSCORE', 'ah:failures', id)
        and (redis.call('GET', key) or '') == ARGV[i + 1] then
        redis.call('SET', key, ARGV[i + 2], 'EX', ARGV[1])
        redis.call('ZREM', 'ah:failures', id)
        redis.call('ZADD', 'ah:dismissed', stamp, id)
        redis.call('HINCRBY', 'ah:totals', 'dismissed|by an admin', 1)
        dismissed[#dismissed + 1] = id
    end
end
return dismissed
