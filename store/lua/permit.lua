-- Asked before every vendor request: still mine? may I send? Renews the leases when both are true.
-- ARGV: vendor, nonce (never twice), probe ms, token, lease ms, number of ids, ids..., then limits
--       as name, most, window ms, told (1/0: the vendor's headers speak of this one), and for those
--       that go in groups the ms within which a group goes, 0 for others.
--       An empty token asks without a lease.
-- Returns {'go', probe (1/0)}, {'wait', ms}, {'paused', ms, reason} or {'lost', id}.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local stamp = string.format('%.0f', now)
local vendor, nonce, probe_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])
local token, lease, count = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])

for i = 7, 6 + count do
    if redis.call('HGET', 'ah:owner', ARGV[i]) ~= token then
        return {'lost', ARGV[i]}
    end
end

local pause_key = 'ah:pause:' .. vendor
local paused_until = tonumber(redis.call('HGET', pause_key, 'until')) or 0
if now < paused_until then
    return {'paused', paused_until - now, redis.call('HGET', pause_key, 'reason') or ''}
end

local wait = 0
for i = 7 + count, #ARGV, 5 do
    local key, most, window = 'ah:window:' .. ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
    if ARGV[i + 3] == '1' then
        local told = tonumber(redis.call('HGET', 'ah:learned:' .. vendor, 'max')) or 0
        -- A tenth is left, for requests do not arrive as far apart as they were sent.
        if told > 0 and told < most then most = math.max(1, math.floor(told * 0.9)) end
    end
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
    -- Entries from the future were written before the wall clock stepped back: they count as just
    -- now, for nobody knows how long ago they were.
    for _, entry in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. stamp, '+inf')) do
        redis.call('ZADD', key, stamp, entry)
    end
    local used, within = redis.call('ZCARD', key), tonumber(ARGV[i + 4])
    local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    if within > 0 and used > 0 and (used >= most or now - tonumber(first[2]) >= within) then
        -- This group is over, and the next one begins when all of it has left.
        local last = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
        wait = math.max(wait, tonumber(last[2]) + window - now + 1)
    elseif used >= most then
        local oldest = redis.call('ZRANGE', key, used - most, used - most, 'WITHSCORES')
        wait = math.max(wait, tonumber(oldest[2]) + window - now + 1)
    end
end
if wait > 0 then
    return {'wait', wait}
end

for i = 7 + count, #ARGV, 5 do
    local key = 'ah:window:' .. ARGV[i]
    redis.call('ZADD', key, stamp, nonce)
    redis.call('PEXPIRE', key, ARGV[i + 2])
end
local until_ = string.format('%.0f', now + lease)
for i = 7, 6 + count do
    redis.call('ZADD', 'ah:due', until_, ARGV[i])
end
if token ~= '' and redis.call('GET', 'ah:draining') == token then
    redis.call('PEXPIRE', 'ah:draining', ARGV[5])
end
if paused_until > 0 then
    -- The pause is over: this request goes out as the probe, the others keep waiting for it.
    redis.call('HSET', pause_key, 'until', string.format('%.0f', now + probe_ms), 'at', stamp)
    return {'go', 1}
end
return {'go', 0}
