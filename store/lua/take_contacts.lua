-- Take the contacts that are due for a while, oldest first: their score moves ahead.
-- ARGV: key, how many at most, ms.
-- Returns {score of all that were taken, id, former score, id, former score ...}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local until_ = string.format('%.0f', now + tonumber(ARGV[3]))
local due = redis.call(
    'ZRANGE', ARGV[1], '-inf', string.format('%.0f', now), 'BYSCORE', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
local found = {until_}
for i = 1, #due, 2 do
    redis.call('ZADD', ARGV[1], until_, due[i])
    found[#found + 1] = due[i]
    found[#found + 1] = due[i + 1]
end
return found
