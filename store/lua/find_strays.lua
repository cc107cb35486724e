-- Make due what is kept and nobody would ever work on: its name was lost where it waited.
-- ARGV: ids. Returns how many there were. Only what waits is kept as events, or as a record for ever.
local t = redis.call('TIME')
local stamp = string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000))
local places = {'ah:due', 'ah:failures', 'ah:dismissed'}
for _, why in ipairs({'hubspot', 'aircall', 'disabled'}) do
    places[#places + 1] = 'ah:parked:' .. why
end
local found = 0
for _, id in ipairs(ARGV) do
    local known = redis.call('EXISTS', 'ah:new:' .. id) == 0
        and redis.call('TTL', 'ah:record:' .. id) ~= -1
    for _, place in ipairs(places) do
        known = known or redis.call('ZSCORE', place, id)
    end
    if not known then
        redis.call('ZADD', 'ah:due', stamp, id)
        redis.call('HDEL', 'ah:owner', id)
        found = found + 1
    end
end
return found
