-- Deliveries in, in one round trip: keep each event, make its interaction due, ask for a drain.
-- ARGV: seven per delivery: id, event JSON, source, ending (1/0), ms to keep `called`,
--       arrived (or ''), revision (or '').
-- Returns 1 if a drain must be called, else 0. Of several deliveries one that fails stops no other:
-- then {that answer, place, error, place, error ...}, places counted from 1.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = string.format('%.0f', now)
local head = redis.call('GET', 'ah:settings:head') or '0'
-- One that a disk changed would make the event no JSON, or have older settings judge it: 0 stands for
-- those in force once it is mended.
if not string.find(head, '^[1-9]%d*$')
    or redis.call('HEXISTS', 'ah:settings:revisions', string.format('%.0f', head + 1)) == 1 then
    head = '0'
end
local some_parked = redis.call('EXISTS', 'ah:parked:hubspot', 'ah:parked:aircall',
    'ah:parked:disabled') > 0

local function take(at)
    local id, ending = ARGV[at], ARGV[at + 3] == '1'
    local arrived = ARGV[at + 5] ~= '' and ARGV[at + 5] or stamp
    local revision = ARGV[at + 6] ~= '' and ARGV[at + 6] or head
    -- The checksum that store/seal.py looks at: over the id, and all that stands behind it.
    local rest = '","arrived":' .. arrived .. ',"revision":' .. revision
        .. ',"source":"' .. ARGV[at + 2] .. '","event":' .. ARGV[at + 1] .. '}'
    local sum = string.sub(redis.sha1hex(id .. '\n' .. rest), 1, 8)
    redis.call('RPUSH', 'ah:new:' .. id, '{"sum":"' .. sum .. rest)
    if ending then
        redis.call('SREM', 'ah:unended', id)
    end
    if redis.call('HEXISTS', 'ah:owner', id) == 0 then
        local known = redis.call('ZADD', 'ah:due', stamp, id) == 0
        if some_parked then
            for _, why in ipairs({'hubspot', 'aircall', 'disabled'}) do
                if redis.call('ZREM', 'ah:parked:' .. why, id) == 1 then known = true end
            end
        end
        -- What was settled before (it has HubSpot ids or a result) waits again, whatever the event.
        if not ending and not known and redis.call('EXISTS', 'ah:ids:' .. id) == 0
            and not redis.call('ZSCORE', 'ah:failures', id)
            and not redis.call('ZSCORE', 'ah:dismissed', id) then
            redis.call('SADD', 'ah:unended', id)
        end
    end
end

local failed = {}
if #ARGV == 7 then
    take(1)
else
    for at = 1, #ARGV, 7 do
        local taken, problem = pcall(take, at)
        if not taken then
            failed[#failed + 1] = (at + 6) / 7
            failed[#failed + 1] = type(problem) == 'table' and problem.err or tostring(problem)
        end
    end
end

if ARGV[3] == 'webhook' then  -- what was fetched from Aircall is no delivery
    redis.call('SET', 'ah:last-event', stamp)
end
local wanted = redis.call('SET', 'ah:called', '1', 'NX', 'PX', ARGV[5]) and 1 or 0
if #failed == 0 then
    return wanted
end
table.insert(failed, 1, wanted)
return failed
