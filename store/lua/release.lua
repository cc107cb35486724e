-- Let the next drain begin: gives the only drain's lease back, if it is still ours. ARGV: token.
if redis.call('GET', 'ah:draining') == ARGV[1] then
    redis.call('DEL', 'ah:draining')
end
return 0
