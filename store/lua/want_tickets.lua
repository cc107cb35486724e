-- Ask for the tickets that were left out of interactions: they become due, and it is remembered until
-- a commit answers it. Those without such a ticket are passed over.
-- ARGV: ms to keep `called`, ids. Returns {how many were not asked for already, 1 if a drain must be
--   called}.
local t = redis.call('TIME')
local stamp = string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000))
local asked, due = 0, false
for i = 2, #ARGV do
    local id = ARGV[i]
    if redis.call('ZSCORE', 'ah:unlogged-tickets', id) then
        asked = asked + redis.call('SADD', 'ah:wanted-tickets', id)
        -- What is held, due or parked comes by itself: its commit, or its next turn, will see it.
        local comes = redis.call('HEXISTS', 'ah:owner', id) == 1 or redis.call('ZSCORE', 'ah:due', id)
        for _, why in ipairs({'hubspot', 'aircall', 'disabled'}) do
            comes = comes or redis.call('ZSCORE', 'ah:parked:' .. why, id)
        end
        if not comes then
            redis.call('ZADD', 'ah:due', stamp, id)
            due = true
        end
    end
end
local call = due and redis.call('SET', 'ah:called', '1', 'NX', 'PX', ARGV[1])
return {asked, call and 1 or 0}
