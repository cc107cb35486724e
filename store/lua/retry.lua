-- Make failed interactions, dismissed ones too, due again.
-- ARGV: ms to keep `called`, ids. Returns {how many, 1 if a drain must be called}.
local t = redis.call('TIME')
local stamp = string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000))
local found = 0
for i = 2, #ARGV do
    if redis.call('ZSCORE', 'ah:failures', ARGV[i])
        or redis.call('ZSCORE', 'ah:dismissed', ARGV[i]) then
        found = found + 1
        if redis.call('HEXISTS', 'ah:owner', ARGV[i]) == 0 then
            redis.call('ZADD', 'ah:due', stamp, ARGV[i])
            for _, why in ipairs({'hubspot', 'aircall', 'disabled'}) do
                redis.call('ZREM', 'ah:parked:' .. why, ARGV[i])
            end
        end
    end
end
local call = found > 0 and redis.call('SET', 'ah:called', '1', 'NX', 'PX', ARGV[1])
return {found, call and 1 or 0}
