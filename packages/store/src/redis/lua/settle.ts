import { COUNTERS } from './counters.ts';

/**
 * Makes of reservations what was spent.
 *
 *     KEYS  leases, due, a counter per limit, a marker per lease
 *     ARGV  `settle`, `sweep`, or `sweep-to-nothing`, limits, and for each lease: its id, its epoch, amounts by unit, row of the ledger
 *           or 0, time of the reservation
 *
 * Each record is taken out, so a repetition finds none and does nothing. Where there is none because all of them were lost (the epoch
 * is another), or because the lease was swept to nothing, what was spent is counted by itself, and the marker says that it was.
 */
export const SETTLE = `${COUNTERS}
local leases, due = KEYS[1], KEYS[2]
local mode, limits = ARGV[1], ARGV[2]
local settlements = (#ARGV - 2) / 7
local KEPT_MS = 7 * DAY_MS

local ask = { 'HMGET', leases, '@' }
for position = 1, settlements do ask[3 + position] = ARGV[7 * position - 4] end
local there = redis.call(unpack(ask))
local epoch = there[1] and tonumber(there[1]) or nil

-- The counters that are worked on, read once and written once for all settlements whose limits are the same.
local counters, counters_of
local function put_away()
  for _, counter in ipairs(counters or {}) do
    if counter.changed then
      if counter.kind == 'held' and counter.v <= 0 then redis.call('DEL', counter.key) else save(counter) end
      counter.changed = false
    end
  end
end
local function take_out(text_of_limits)
  if counters_of == text_of_limits then return end
  put_away()
  counters, counters_of = parse(text_of_limits, 2), text_of_limits
  for _, counter in ipairs(counters) do read(counter, epoch) end
end

local function charge_alone(counter, at, amount, row)
  if counter.kind == 'held' then return end
  if counter.changed then save(counter) end
  charge(counter, at, amount, row, row)
  read(counter, epoch)
end

local function settle(record, spent, row, at)
  local header, reserved_in = string.match(record, '^([^\\n]*)\\n([^\\n]*)')
  local requests, tokens, cost = string.match(header, '%S+ (%S+) (%S+) (%S+)')
  local reserved = { tonumber(requests), tonumber(tokens), tonumber(cost), 1 }
  take_out(reserved_in)
  local places = { struct.unpack('<' .. string.rep('dd', #counters), record, #record - 16 * #counters + 1) }
  for index, counter in ipairs(counters) do
    local taken, place = places[2 * index - 1], places[2 * index]
    local difference = spent[counter.unit] - reserved[counter.unit]
    if counter.g ~= taken then
      charge_alone(counter, at, spent[counter.unit], row)
    elseif difference == 0 and counter.kind ~= 'bucket' then
      -- It stands as it is.
    elseif counter.kind == 'sliding' then
      if correct(counter, place, difference) then counter.changed = true end
    elseif counter.kind ~= 'calendar' or counter.p == place then
      if counter.kind == 'bucket' then advance(counter) end
      counter.v = counter.v + difference
      if counter.kind == 'bucket' then counter.v = math.max(0, counter.v) end
      counter.changed = true
    end
  end
end

local function is_due(id)
  if mode == 'settle' then return true end
  local score = tonumber(redis.call('ZSCORE', due, id) or 0)
  return score <= now or score % 1 ~= 0
end

local gone, is_gone = {}, {}
for position = 1, settlements do
  local base = 7 * position - 4
  local id, marker, record = ARGV[base], KEYS[#KEYS - settlements + position], there[1 + position]
  local spent = { tonumber(ARGV[base + 2]), tonumber(ARGV[base + 3]), tonumber(ARGV[base + 4]), 0 }
  local row, at = tonumber(ARGV[base + 5]), tonumber(ARGV[base + 6])
  if not record then
    local state = redis.call('GET', marker)
    if mode == 'settle' and (state == 'swept' or (not state and ARGV[base + 1] ~= there[1])) then
      redis.call('SET', marker, 'settled', 'PX', KEPT_MS)
      take_out(limits)
      for _, counter in ipairs(counters) do charge_alone(counter, at, spent[counter.unit], row) end
    end
  elseif not is_gone[id] and is_due(id) then
    is_gone[id] = true
    gone[#gone + 1] = id
    if mode == 'sweep-to-nothing' then redis.call('SET', marker, 'swept', 'PX', KEPT_MS) end
    settle(record, spent, row, at)
  end
end
put_away()
if #gone > 0 then
  redis.call('HDEL', leases, unpack(gone))
  redis.call('ZREM', due, unpack(gone))
  -- The epoch stays for as long as a settlement may be repeated.
  if redis.call('HLEN', leases) == 1 then redis.call('PEXPIRE', leases, KEPT_MS) end
end
return { text(now) }
`;
