-- Which of several clocks leads? Whoever does, until it has not beaten for a while.
-- ARGV: token, ms without a beat after which another may lead (0: give it up), ms without any beat
-- after which the clock counts as having stood still.
-- Times are kept instead of a key that expires: a wall clock that stepped back holds nobody up.
-- Returns 1 for the one who leads.
local key = 'ah:leader'
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = string.format('%.0f', now)
local held, patience = redis.call('HGET', key, 'token'), tonumber(ARGV[2])
local at = tonumber(redis.call('HGET', key, 'at')) or 0

if patience == 0 then
    if held == ARGV[1] then
        redis.call('HDEL', key, 'token')
    end
    return 0
end
if held and held ~= ARGV[1] and at <= now and now - at < patience then
    return 0
end
if at > now or now - at > tonumber(ARGV[3]) or not tonumber(redis.call('HGET', key, 'since')) then
    redis.call('HSET', key, 'since', stamp)
end
redis.call('HSET', key, 'token', ARGV[1], 'at', stamp)
return 1
