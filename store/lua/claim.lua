-- Take up to `limit` due interactions: lease them, name their owner, count the try.
-- ARGV: token, lease ms, limit, ms to keep `called`, tries before alone, tries before failing,
--       exclusive (1/0: only one drain at a time).
-- Returns {now, claimed ids, poisoned ids}; nothing due also withdraws `called`, so that no event
-- falls in between.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local token, lease, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local alone_after, fail_after = tonumber(ARGV[5]), tonumber(ARGV[6])

if ARGV[7] == '1' then
    local holder = redis.call('GET', 'ah:draining')
    if holder and holder ~= token then
        return {now, {}, {}}
    end
    redis.call('SET', 'ah:draining', token, 'PX', ARGV[2])
end

local claimed, poisoned = {}, {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', 'ah:due', '-inf', now, 'LIMIT', 0, limit * 2)) do
    local tries = tonumber(redis.call('HGET', 'ah:tries', id)) or 0
    if string.find(id, '[^%w_-]') then
        redis.call('ZREM', 'ah:due', id)  -- the door takes no such name: a disk changed it
    elseif tries >= fail_after then
        poisoned[#poisoned + 1] = id
    elseif tries >= alone_after then
        if #claimed == 0 then
            claimed[1] = id
            break
        end
    else
        claimed[#claimed + 1] = id
    end
    if #claimed == limit then break end
end

local until_ = string.format('%.0f', now + lease)
for _, ids in ipairs({claimed, poisoned}) do
    for _, id in ipairs(ids) do
        redis.call('ZADD', 'ah:due', until_, id)
        redis.call('HSET', 'ah:owner', id, token)
        redis.call('HINCRBY', 'ah:tries', id, 1)
    end
end
if #claimed + #poisoned == 0 then
    redis.call('DEL', 'ah:called')
    if ARGV[7] == '1' then redis.call('DEL', 'ah:draining') end
else
    redis.call('SET', 'ah:called', '1', 'PX', ARGV[4])
end
return {now, claimed, poisoned}
