-- Every few seconds: notice a wall clock that stepped back, let vendors be probed, find idle work.
-- ARGV: ms to keep `called`, lease ms, lease ms of a contact. Returns {1 if a drain must be called,
-- ms the clock stepped back}.

-- Moves what an ordered set has beyond a time back by a step of the clock.
local function move(key, beyond, step)
    local ahead = redis.call('ZRANGEBYSCORE', key, string.format('(%.0f', beyond), '+inf', 'WITHSCORES')
    for i = 1, #ahead, 2 do
        redis.call('ZADD', key, string.format('%.0f', ahead[i + 1] - step), ahead[i])
    end
end

local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = string.format('%.0f', now)
-- What a disk changed is no number: it must not hold up each beat to come.
local last = tonumber(redis.call('GET', 'ah:clock')) or now
local step = 0
if now < last - 1000 then
    -- Nobody may wait an hour for a lease of 20 s: what was dated by the old clock moves with it.
    -- What is due within a lease was dated by the new clock, or need not be moved.
    step = last - now
    move('ah:due', now + tonumber(ARGV[2]), step)
    -- The longest that anybody has a contact for himself.
    local carried = now + tonumber(ARGV[3])
    move('ah:contacts:wanted', carried, step)
    move('ah:contacts:changed', carried, step)
    for _, why in ipairs({'hubspot', 'aircall', 'disabled'}) do
        move('ah:parked:' .. why, now, step)
        local pause = 'ah:pause:' .. why
        if (tonumber(redis.call('HGET', pause, 'at')) or 0) > now then
            for _, field in ipairs({'until', 'at'}) do
                local old = redis.call('HGET', pause, field)
                redis.call('HSET', pause, field, string.format('%.0f', old - step))
            end
        end
    end
    -- Their times to live moved too. Whoever drains alone may be at work: his lease starts anew.
    redis.call('DEL', 'ah:called')
    redis.call('PEXPIRE', 'ah:draining', ARGV[2])
end
redis.call('SET', 'ah:clock', stamp)

for _, vendor in ipairs({'hubspot', 'aircall'}) do
    local parked = 'ah:parked:' .. vendor
    if redis.call('EXISTS', parked) == 1 then
        local until_ = tonumber(redis.call('HGET', 'ah:pause:' .. vendor, 'until')) or 0
        if until_ == 0 then
            redis.call('ZUNIONSTORE', 'ah:due', 2, 'ah:due', parked, 'AGGREGATE', 'MIN')
            redis.call('DEL', parked)
        elseif now >= until_ then
            local first = redis.call('ZPOPMIN', parked)
            redis.call('ZADD', 'ah:due', stamp, first[1])
        end
    end
end

if redis.call('ZCOUNT', 'ah:due', '-inf', now) > 0
    and redis.call('SET', 'ah:called', '1', 'NX', 'PX', ARGV[1]) then
    return {1, step}
end
return {0, step}
