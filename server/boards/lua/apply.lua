-- Copy changes into a board's view, each only if it is newer, and move the cursor with them.
-- KEYS: meta, people, versions, totals, moments, then for each side its members and reached
-- ARGV: epoch, x, i, as_of, then for each change:
--   person, number of its side, version, packed, points, reached (µs), change id, moment or ''
-- Returns {how much has moved, sum of versions}, or nothing when the epoch is another one.
local meta, people, versions, totals, moments = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local now = redis.call('HMGET', meta, 'epoch', 'x', 'i')
if now[1] ~= ARGV[1] then return false end

local moved, grown = 0, 0
for k = 5, #ARGV, 8 do
  local person, side = ARGV[k], tonumber(ARGV[k + 1])
  local version, points = tonumber(ARGV[k + 2]), tonumber(ARGV[k + 4])
  local old = tonumber(redis.call('HGET', versions, person) or '-1')
  if version > old then
    local packed = redis.call('ZSCORE', people, person)
    local before = packed and -math.floor(tonumber(packed) / 4294967296) or 0
    redis.call('HSET', versions, person, version)
    redis.call('ZADD', people, ARGV[k + 3], person)
    redis.call('ZADD', KEYS[4 + 2 * side], ARGV[k + 3], person)
    if points > 0 then
      redis.call('ZADD', KEYS[5 + 2 * side], ARGV[k + 5], person)
    else
      redis.call('ZREM', KEYS[5 + 2 * side], person)
    end
    redis.call('HINCRBY', totals, side, points - before)
    grown = grown + version - math.max(old, 0)
    moved = moved + 1
  end
  if ARGV[k + 7] ~= '' then
    moved = moved + redis.call('ZADD', moments, ARGV[k + 6], ARGV[k + 7])
  end
end
redis.call('ZREMRANGEBYRANK', moments, 0, -6)

local x, i = tonumber(ARGV[2]), tonumber(ARGV[3])
local was_x, was_i = tonumber(now[2]), tonumber(now[3])
if x > was_x or (x == was_x and i > was_i) then
  redis.call('HSET', meta, 'x', ARGV[2], 'i', ARGV[3])
end
redis.call('HSET', meta, 'as_of', ARGV[4])
return {moved, redis.call('HINCRBY', meta, 'v', grown)}
