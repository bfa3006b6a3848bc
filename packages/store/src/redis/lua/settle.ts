import { COUNTERS } from './counters.ts';

/**
 * Makes of a reservation what was spent.
 *
 *     KEYS  leases, due, marker, a counter per limit
 *     ARGV  lease, its epoch, amounts by unit, row of the ledger or 0, time of the reservation, limits,
 *           `settle`, `sweep`, or `sweep-to-nothing`
 *
 * The record is taken out, so a repetition finds none and does nothing. Where there is none because all of them were lost (the epoch
 * is another), or because the lease was swept to nothing, what was spent is counted by itself, and the marker says that it was.
 */
export const SETTLE = `${COUNTERS}
local leases, due, marker = KEYS[1], KEYS[2], KEYS[3]
local id, mode = ARGV[1], ARGV[9]
local spent = { tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), 0 }
local row, at = tonumber(ARGV[6]), tonumber(ARGV[7])
local there = redis.call('HMGET', leases, '@', id)
local record = there[2]
local epoch = there[1] and tonumber(there[1]) or nil
local KEPT_MS = 7 * DAY_MS

local function charge_all()
  for _, counter in ipairs(parse(ARGV[8], 3)) do
    read(counter, epoch)
    charge(counter, at, spent[counter.unit], row, row)
  end
end

if not record then
  if mode ~= 'settle' then return { text(now) } end
  local state = redis.call('GET', marker)
  if state == 'swept' or (not state and ARGV[2] ~= there[1]) then
    redis.call('SET', marker, 'settled', 'PX', KEPT_MS)
    charge_all()
  end
  return { text(now) }
end

if mode ~= 'settle' then
  local score = tonumber(redis.call('ZSCORE', due, id) or 0)
  if score > now and score % 1 == 0 then return { text(now) } end
end

redis.call('HDEL', leases, id)
redis.call('ZREM', due, id)
-- The epoch stays for as long as a settlement may be repeated.
if redis.call('HLEN', leases) == 1 then redis.call('PEXPIRE', leases, KEPT_MS) end
if mode == 'sweep-to-nothing' then redis.call('SET', marker, 'swept', 'PX', KEPT_MS) end

local header, limits = string.match(record, '^([^\\n]*)\\n([^\\n]*)')
local requests, tokens, cost = string.match(header, '%S+ (%S+) (%S+) (%S+)')
local reserved = { tonumber(requests), tonumber(tokens), tonumber(cost), 1 }
local counters = parse(limits, 3)
local places = { struct.unpack('<' .. string.rep('dd', #counters), record, #record - 16 * #counters + 1) }
for index, counter in ipairs(counters) do
  local taken, place = places[2 * index - 1], places[2 * index]
  read(counter, epoch)
  local difference = spent[counter.unit] - reserved[counter.unit]
  if counter.g ~= taken then
    charge(counter, at, spent[counter.unit], row, row)
  elseif counter.kind == 'sliding' then
    if difference ~= 0 and correct(counter, place, difference) then save(counter) end
  elseif counter.kind == 'held' and counter.v + difference <= 0 then
    redis.call('DEL', counter.key)
  elseif counter.kind ~= 'calendar' or counter.p == place then
    if counter.kind == 'bucket' then advance(counter) end
    counter.v = counter.v + difference
    if counter.kind == 'bucket' then counter.v = math.max(0, counter.v) end
    save(counter)
  end
end
return { text(now) }
`;
