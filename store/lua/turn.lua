-- Whose turn is it to call a job? Whoever asks first in its interval. ARGV: job, interval in ms.
-- A time is kept instead of a key that expires: a wall clock that stepped back holds nobody up.
-- Returns 1 for the one who may call it.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local last = tonumber(redis.call('HGET', 'ah:jobs', ARGV[1])) or 0
if last <= now and now - last < tonumber(ARGV[2]) then
    return 0
end
redis.call('HSET', 'ah:jobs', ARGV[1], string.format('%.0f', now))
return 1
