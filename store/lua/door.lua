-- One delivery in, in one round trip: keep the event, make its interaction due, ask for a drain.
-- ARGV: id, event JSON, source, ending (1/0), ms to keep `called`, arrived (or ''),
--       revision (or '').
-- Returns 1 if a drain must be called.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = string.format('%.0f', now)
local id, ending = ARGV[1], ARGV[4] == '1'
local arrived = ARGV[6] ~= '' and ARGV[6] or stamp
local revision = ARGV[7] ~= '' and ARGV[7] or redis.call('GET', 'ah:settings:head') or '0'

redis.call('RPUSH', 'ah:new:' .. id, '{"arrived":' .. arrived .. ',"revision":' .. revision
    .. ',"source":"' .. ARGV[3] .. '","event":' .. ARGV[2] .. '}')
redis.call('SET', 'ah:last-event', stamp)

if ending then
    redis.call('SREM', 'ah:unended', id)
end
if redis.call('HEXISTS', 'ah:owner', id) == 0 then
    local known = redis.call('ZADD', 'ah:due', stamp, id) == 0
    for _, why in ipairs({'hubspot', 'aircall', 'disabled'}) do
        if redis.call('ZREM', 'ah:parked:' .. why, id) == 1 then known = true end
    end
    -- What was settled before (it has HubSpot ids or a result) waits again, whatever the event.
    if not ending and not known and redis.call('EXISTS', 'ah:ids:' .. id) == 0
        and not redis.call('ZSCORE', 'ah:failures', id) then
        redis.call('SADD', 'ah:unended', id)
    end
end
if redis.call('SET', 'ah:called', '1', 'NX', 'PX', ARGV[5]) then
    return 1
end
return 0
