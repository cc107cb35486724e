-- A look at Aircall's list has ended: keep how far it reached, drop the outages that it covered.
-- ARGV: ms up to which calls were compared, the look's JSON, then field and value of each outage.
-- An outage that grew meanwhile stays, and so does everything if another look goes on by now.
-- Returns 1 if this look was the one.
if redis.call('HGET', 'ah:gaps', 'look') ~= ARGV[2] then
    return 0
end
redis.call('HSET', 'ah:gaps', 'covered', ARGV[1])
redis.call('HINCRBY', 'ah:gaps', 'found', redis.call('ZCARD', 'ah:gaps:found'))
redis.call('HDEL', 'ah:gaps', 'look')
redis.call('DEL', 'ah:gaps:found')
for i = 3, #ARGV, 2 do
    if redis.call('HGET', 'ah:outages', ARGV[i]) == ARGV[i + 1] then
        redis.call('HDEL', 'ah:outages', ARGV[i])
    end
end
return 1
