-- Make the next settings revision, unless somebody saved since `based on`.
-- ARGV: based on (0: the first), author JSON, settings JSON, changes JSON, note JSON, store id.
-- Returns the revision's JSON, '' if the save is stale, or the number of a revision that is there
-- although the head does not know it.
local t = redis.call('TIME')
local head = redis.call('GET', 'ah:settings:head') or '0'
if head ~= ARGV[1] then
    return ''
end
local number = string.format('%.0f', tonumber(head) + 1)
local at = string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000))
-- The checksum that store/seal.py looks at.
local rest = '","number":' .. number .. ',"based_on":' .. ARGV[1] .. ',"at":' .. at
    .. ',"author":' .. ARGV[2] .. ',"note":' .. ARGV[5]
    .. ',"changes":' .. ARGV[4] .. ',"settings":' .. ARGV[3] .. '}'
local revision = '{"sum":"' .. string.sub(redis.sha1hex(number .. '\n' .. rest), 1, 8) .. rest
if redis.call('HSETNX', 'ah:settings:revisions', number, revision) == 0 then
    return tonumber(number)
end
redis.call('SET', 'ah:settings:head', number)
redis.call('SETNX', 'ah:store-id', ARGV[6])
return revision
