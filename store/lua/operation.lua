-- Change a long work, and only the one that is meant. ARGV: kind, what, id, two more by what:
--   start: what was asked (JSON), first progress (JSON); 0 while another is at work. The former
--     one is kept until somebody has told how it ended
--   progress: progress (JSON); stop: by whom; end: state, end (JSON)
-- Returns 1 if it was so changed.
local key = 'ah:operation:' .. ARGV[1]
local what, id = ARGV[2], ARGV[3]
local state = redis.call('HGET', key, 'state')
local active = state == 'running' or state == 'stopping'

if what == 'start' then
    if active then
        return 0
    end
    if state then
        local former, flat = {}, redis.call('HGETALL', key)
        for at = 1, #flat, 2 do
            former[flat[at]] = flat[at + 1]
        end
        redis.call('HSET', 'ah:operation-untold:' .. ARGV[1], former['id'], cjson.encode(former))
        redis.call('DEL', key)
    end
    redis.call('HSET', key, 'id', id, 'state', 'running', 'asked', ARGV[4], 'progress', ARGV[5])
    return 1
end

if not active or redis.call('HGET', key, 'id') ~= id then
    return 0
end
if what == 'progress' then
    redis.call('HSET', key, 'progress', ARGV[4])
elseif what == 'stop' then
    if state == 'running' then
        redis.call('HSET', key, 'state', 'stopping', 'stopped_by', ARGV[4])
    end
elseif what == 'end' then
    redis.call('HSET', key, 'state', ARGV[4], 'end', ARGV[5])
end
return 1
