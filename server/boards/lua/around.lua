-- Where one person stands, in O(log n).
-- KEYS: people, the members of their side   ARGV: person
-- Returns {rank, rank on the side, packed, who is above or '', their packed, the first's packed},
-- ranks from 0, or nothing when the person is not here.
local rank = redis.call('ZRANK', KEYS[1], ARGV[1])
local side = redis.call('ZRANK', KEYS[2], ARGV[1])
if not rank or not side then return false end
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local above = {'', '0'}
if side > 0 then above = redis.call('ZRANGE', KEYS[2], side - 1, side - 1, 'WITHSCORES') end
return {rank, side, redis.call('ZSCORE', KEYS[2], ARGV[1]), above[1], above[2], first[2]}
