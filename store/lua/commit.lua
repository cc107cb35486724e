-- Settle a batch: each interaction for itself, and only if it is still ours.
-- ARGV: token, then seventeen per interaction: id, record JSON ('' = leave), its seconds to live (0 = for ever),
--   ids JSON ('' = leave), its seconds to live, events eaten, next ('out', 'again', 'in:<ms>',
--   'park:<why>', 'stay'), mark ('keep' or 'drop'), counter ('' or result|reason),
--   failure ('', 'add' or 'drop'), unended (1/0), missing ticket ('', 'add', 'drop' or 'stay'),
--   hours unknown (1/0), phones to be found by (between spaces), when it began (ms), seconds for
--   which they find it, HubSpot contacts to be carried to Aircall (between spaces).
-- Returns the ids that were not ours any more.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = string.format('%.0f', now)
local lost = {}
for i = 2, #ARGV, 17 do
    local id, next_ = ARGV[i], ARGV[i + 6]
    if redis.call('HGET', 'ah:owner', id) ~= ARGV[1] then
        lost[#lost + 1] = id
    else
        if ARGV[i + 1] ~= '' and ARGV[i + 2] == '0' then
            redis.call('SET', 'ah:record:' .. id, ARGV[i + 1])
        elseif ARGV[i + 1] ~= '' then
            redis.call('SET', 'ah:record:' .. id, ARGV[i + 1], 'EX', ARGV[i + 2])
        end
        if ARGV[i + 3] ~= '' then
            redis.call('SET', 'ah:ids:' .. id, ARGV[i + 3], 'EX', ARGV[i + 4])
        end
        if ARGV[i + 5] ~= '0' then
            redis.call('LTRIM', 'ah:new:' .. id, ARGV[i + 5], -1)
        end
        if ARGV[i + 7] == 'drop' then
            redis.call('DEL', 'ah:mark:' .. id)
        end
        if ARGV[i + 8] ~= '' then
            -- Every time zone's midnight begins a quarter of an hour.
            local quarter = 'ah:quarter:' .. math.floor(now / 900000)
            redis.call('HINCRBY', 'ah:totals', ARGV[i + 8], 1)
            redis.call('HINCRBY', quarter, ARGV[i + 8], 1)
            if ARGV[i + 12] == '1' then
                redis.call('HINCRBY', quarter, 'hours unknown', 1)
            end
            redis.call('EXPIRE', quarter, 172800)
            redis.call('LPUSH', 'ah:recent', '{"at":' .. stamp .. ',"id":' .. cjson.encode(id)
                .. ',"ended":' .. cjson.encode(ARGV[i + 8]) .. '}')
            redis.call('LTRIM', 'ah:recent', 0, 49)
        end
        if ARGV[i + 9] == 'add' then
            redis.call('ZADD', 'ah:failures', stamp, id)
        elseif ARGV[i + 9] == 'drop' then
            redis.call('ZREM', 'ah:failures', id)
        end
        if ARGV[i + 9] ~= '' then
            redis.call('ZREM', 'ah:dismissed', id)
        end
        if ARGV[i + 11] == 'add' then
            redis.call('ZADD', 'ah:unlogged-tickets', stamp, id)
        elseif ARGV[i + 11] == 'drop' then
            redis.call('ZREM', 'ah:unlogged-tickets', id)
        end
        if ARGV[i + 11] ~= '' then
            redis.call('SREM', 'ah:wanted-tickets', id)
        end
        for phone in string.gmatch(ARGV[i + 13], '%S+') do
            redis.call('ZADD', 'ah:phone:' .. phone, ARGV[i + 14], id)
            redis.call('ZREMRANGEBYRANK', 'ah:phone:' .. phone, 0, -21)
            redis.call('EXPIRE', 'ah:phone:' .. phone, ARGV[i + 15])
        end
        for contact in string.gmatch(ARGV[i + 16], '%S+') do
            redis.call('ZADD', 'ah:contacts:wanted', 'LT', stamp, contact)
        end
        redis.call('HDEL', 'ah:owner', id)
        redis.call('HDEL', 'ah:tries', id)
        redis.call('ZREM', 'ah:due', id)
        local more = redis.call('EXISTS', 'ah:new:' .. id) == 1
        -- Somebody may have asked for its ticket after it was loaded.
        local wanted = next_ == 'out' and redis.call('SISMEMBER', 'ah:wanted-tickets', id) == 1
        if more and next_ ~= 'stay' or next_ == 'again' or wanted then
            redis.call('ZADD', 'ah:due', stamp, id)
        elseif string.sub(next_, 1, 3) == 'in:' then
            local at = now + tonumber(string.sub(next_, 4))
            redis.call('ZADD', 'ah:due', string.format('%.0f', at), id)
        elseif string.sub(next_, 1, 5) == 'park:' then
            redis.call('ZADD', 'ah:parked:' .. string.sub(next_, 6), stamp, id)
        end
        local unended = ARGV[i + 10] == '1' or string.sub(id, 1, 5) == 'hint-'
        if not unended or (next_ == 'out' and not more) then
            redis.call('SREM', 'ah:unended', id)
        elseif not more then
            redis.call('SADD', 'ah:unended', id)
        end
        -- With more events the door has said whether it ends: we do not know of them yet.
    end
end
-- A drain that works alone lets the next one in after each batch.
if redis.call('GET', 'ah:draining') == ARGV[1] then
    redis.call('DEL', 'ah:draining')
end
return lost
