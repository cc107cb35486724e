-- A door is open: say so, and note since when none was. A wall clock that stepped back is no gap.
-- ARGV: ms of silence that are none, ms below which a span is a mere restart, 1 if just opened.
-- Returns 1 if calls must be compared with Aircall's list.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = string.format('%.0f', now)
local last = tonumber(redis.call('GET', 'ah:door-open')) or now
redis.call('SET', 'ah:door-open', stamp)
local silent = now - last
if silent <= 0 or silent <= tonumber(ARGV[1]) and ARGV[3] ~= '1' then
    return 0
end
local began = string.format('%.0f', last)
if silent >= tonumber(ARGV[2]) then
    redis.call('HSET', 'ah:outages', 'door|' .. began, began .. '|' .. stamp)
else
    -- However often it restarts, that is one entry: from the first to the last.
    local before = redis.call('HGET', 'ah:outages', 'restart')
    if before then began = string.match(before, '^%d+') end
    redis.call('HSET', 'ah:outages', 'restart', began .. '|' .. stamp)
end
return 1
