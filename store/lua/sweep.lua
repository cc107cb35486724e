-- Every few seconds: notice a wall clock that stepped back, let vendors be probed, find idle work.
-- ARGV: ms to keep `called`. Returns {1 if a drain must be called, ms the clock stepped back}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local last = tonumber(redis.call('GET', 'ah:clock') or now)
local step = 0
if now < last - 1000 then
    -- Nobody may wait an hour for a lease of 20 s: what was dated by the old clock moves with it.
    step = last - now
    local due = redis.call('ZRANGE', 'ah:due', 0, -1, 'WITHSCORES')
    for i = 1, #due, 2 do
        redis.call('ZADD', 'ah:due', string.format('%.0f', due[i + 1] - step), due[i])
    end
    for _, vendor in ipairs({'hubspot', 'aircall'}) do
        local until_ = redis.call('HGET', 'ah:pause:' .. vendor, 'until')
        if until_ then
            redis.call('HSET', 'ah:pause:' .. vendor, 'until', string.format('%.0f', until_ - step))
        end
    end
    redis.call('DEL', 'ah:called', 'ah:draining')
end
redis.call('SET', 'ah:clock', string.format('%.0f', now))

for _, vendor in ipairs({'hubspot', 'aircall'}) do
    local parked = 'ah:parked:' .. vendor
    if redis.call('EXISTS', parked) == 1 then
        local until_ = tonumber(redis.call('HGET', 'ah:pause:' .. vendor, 'until') or 0)
        if until_ == 0 then
            redis.call('ZUNIONSTORE', 'ah:due', 2, 'ah:due', parked)
            redis.call('DEL', parked)
        elseif now >= until_ then
            local first = redis.call('ZPOPMIN', parked)
            redis.call('ZADD', 'ah:due', string.format('%.0f', now), first[1])
        end
    end
end

if redis.call('ZCOUNT', 'ah:due', '-inf', now) > 0
    and redis.call('SET', 'ah:called', '1', 'NX', 'PX', ARGV[1]) then
    return {1, step}
end
return {0, step}
