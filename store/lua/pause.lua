-- A vendor asked us to wait, or does not answer. ARGV: vendor, ms, reason.
-- A longer pause already there stays, with its reason. `since` is when the vendor was first paused,
-- `at` when `until` was last set. Returns 1 if the vendor was not paused before.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local key = 'ah:pause:' .. ARGV[1]
local before = tonumber(redis.call('HGET', key, 'until')) or 0
local until_ = now + tonumber(ARGV[2])
if until_ > before then
    redis.call('HSET', key, 'until', string.format('%.0f', until_), 'reason', ARGV[3],
        'at', string.format('%.0f', now))
end
redis.call('HSETNX', key, 'since', string.format('%.0f', now))
return before == 0 and 1 or 0
