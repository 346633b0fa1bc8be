-- Read all that a frame needs, at one point.
-- KEYS: as in apply.lua
-- ARGV: how many top rows, how many of a side count (0: all), how many of its best are wanted
-- Returns {epoch, v, as_of, top, moments, sides}, or nothing without a view.
-- top is flat: person, packed; a side is {total, reached, best}, best is flat:
-- person, packed, reached.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'v', 'as_of')
if not meta[1] then return false end
local count, wanted = tonumber(ARGV[2]), tonumber(ARGV[3])

local function best_of(members, reached)
  local best, seen = {}, {}
  local function add(found)
    for k = 1, #found, 2 do
      if not seen[found[k]] then
        seen[found[k]] = true
        best[#best + 1] = found[k]
        best[#best + 1] = found[k + 1]
        best[#best + 1] = redis.call('ZSCORE', reached, found[k]) or '0'
      end
    end
  end
  local first = redis.call('ZRANGE', members, 0, wanted - 1, 'WITHSCORES')
  add(first)
  -- Who is equal to the last that counts by the millisecond may still be sooner by the µs.
  local last = first[2 * count]
  if last then add(redis.call('ZRANGE', members, last, last, 'BYSCORE', 'WITHSCORES')) end
  return best
end

local sides = {}
for k = 6, #KEYS, 2 do
  local latest = redis.call('ZRANGE', KEYS[k + 1], 0, 0, 'REV', 'WITHSCORES')
  sides[#sides + 1] = {
    redis.call('HGET', KEYS[4], #sides + 1) or '0',
    latest[2] or '',
    count > 0 and best_of(KEYS[k], KEYS[k + 1]) or {},
  }
end
return {
  meta[1], meta[2], meta[3],
  redis.call('ZRANGE', KEYS[2], 0, tonumber(ARGV[1]) - 1, 'WITHSCORES'),
  redis.call('ZRANGE', KEYS[5], 0, -1, 'REV'),
  sides,
}
