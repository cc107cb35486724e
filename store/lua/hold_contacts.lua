-- Hold names together, or none: for carrying a contact and its phones to Aircall.
-- ARGV: what ('take', 'keep' or 'free'), token, ms, names...
-- Returns 1, or 0 if one of them is somebody else's, or was ours and ran out.
local what, token, ms = ARGV[1], ARGV[2], ARGV[3]
for i = 4, #ARGV do
    local holder = redis.call('GET', 'ah:carrying:' .. ARGV[i])
    if what == 'take' and holder and holder ~= token then return 0 end
    if what == 'keep' and holder ~= token then return 0 end
    if what == 'free' and holder == token then redis.call('DEL', 'ah:carrying:' .. ARGV[i]) end
end
if what ~= 'free' then
    for i = 4, #ARGV do
        redis.call('SET', 'ah:carrying:' .. ARGV[i], token, 'PX', ms)
    end
end
return 1
