-- Forget failures that are older than their retention, dismissed or not, with all that was kept.
-- ARGV: ms of retention, most in one go. Returns how many. What waits for another try is left.
local t = redis.call('TIME')
local oldest = t[1] * 1000 + math.floor(t[2] / 1000) - tonumber(ARGV[1])
local forgotten = 0
local function forget(set, id)
    redis.call('ZREM', set, id)
    local waits = redis.call('ZSCORE', 'ah:due', id) or redis.call('HEXISTS', 'ah:owner', id) == 1
    for _, why in ipairs({'hubspot', 'aircall', 'disabled'}) do
        waits = waits or redis.call('ZSCORE', 'ah:parked:' .. why, id)
    end
    if not waits then
        redis.call('DEL', 'ah:new:' .. id, 'ah:mark:' .. id)
        forgotten = forgotten + 1
    end
end
for _, set in ipairs({'ah:failures', 'ah:dismissed'}) do
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', set, '-inf', oldest, 'LIMIT', 0, ARGV[2])) do
        forget(set, id)
    end
end
redis.call('ZREMRANGEBYSCORE', 'ah:unlogged-tickets', '-inf', oldest)
return forgotten
