-- Settle a contact that was taken, unless it was asked for again meanwhile.
-- ARGV: key, id, the score that it was taken with, the score it gets ('' = it is done).
-- Returns 1 if it was still as it was taken.
if tonumber(redis.call('ZSCORE', ARGV[1], ARGV[2]) or -1) ~= tonumber(ARGV[3]) then return 0 end
if ARGV[4] == '' then
    redis.call('ZREM', ARGV[1], ARGV[2])
else
    redis.call('ZADD', ARGV[1], ARGV[4], ARGV[2])
end
return 1
