-- Note the frozen plans of a batch before its first write, all or none.
-- ARGV: token, then pairs of id and plan JSON. Returns '' or the id that is no longer ours.
for i = 2, #ARGV, 2 do
    if redis.call('HGET', 'ah:owner', ARGV[i]) ~= ARGV[1] then
        return ARGV[i]
    end
end
for i = 2, #ARGV, 2 do
    redis.call('SET', 'ah:mark:' .. ARGV[i], ARGV[i + 1])
end
return ''
