-- What the view holds of some people, with its own sums, for the auditor.
-- KEYS: as in apply.lua   ARGV: for each person their id and the number of their side
-- Returns {epoch, v, cards of people and versions, totals and cards of the sides, rows}; a row is
-- {version, packed over all, packed on the side, reached}, '' where it is missing.
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'v')
if not meta[1] then return false end
local sides, rows = {}, {}
for k = 6, #KEYS, 2 do
  local number = #sides + 1
  sides[number] = {redis.call('HGET', KEYS[4], number) or '0', redis.call('ZCARD', KEYS[k])}
end
for k = 1, #ARGV, 2 do
  local person, side = ARGV[k], tonumber(ARGV[k + 1])
  rows[#rows + 1] = {
    redis.call('HGET', KEYS[3], person) or '',
    redis.call('ZSCORE', KEYS[2], person) or '',
    redis.call('ZSCORE', KEYS[4 + 2 * side], person) or '',
    redis.call('ZSCORE', KEYS[5 + 2 * side], person) or '',
  }
end
return {
  meta[1], meta[2], {redis.call('ZCARD', KEYS[2]), redis.call('HLEN', KEYS[3])}, sides, rows,
}
