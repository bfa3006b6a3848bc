import { COUNTERS } from './counters.ts';

/**
 * Takes each of some demands from all counters or from none of them, one after the other.
 *
 *     KEYS  leases, due, a counter per limit, a marker per demand
 *     ARGV  limits, and for each demand: lease, time to live, amounts by unit
 *
 * Answers: `stale`, now | `unseeded`, now, indices | `done`, now, epoch, expired ids, states, and for each demand one of
 *          `settled` | `refused`, index, wait; a dash where no waiting helps | `granted`, time of the reservation
 *
 * Leases are a hash of records, with the root's epoch under `@`. A record has a line with the time of the reservation and the amounts,
 * one with the limits, one for each counter's key, an empty one, and then as doubles, for each counter, its generation and the stretch
 * or period that the demand was added to. When leases are due is a sorted set; a lease that somebody was told of is due again half a
 * millisecond after a whole one, by which a sweep knows that it was not renewed.
 */
export const ACQUIRE = `${COUNTERS}
local leases, due = KEYS[1], KEYS[2]
local limits = ARGV[1]
local demands = (#ARGV - 1) / 5
local counters = parse(limits, 2)

local ask, markers = { 'HMGET', leases, '@' }, { 'EXISTS' }
for position = 1, demands do
  ask[3 + position] = ARGV[5 * position - 3]
  markers[1 + position] = KEYS[2 + #counters + position]
end
local there = redis.call(unpack(ask))
local epoch = there[1] or text(generation)
local unseeded = {}
for index, counter in ipairs(counters) do
  read(counter, tonumber(epoch))
  if not advance(counter) then return { 'stale', text(now) } end
  if counter.seeded and counter.u < 0 then unseeded[#unseeded + 1] = index end
end
if #unseeded > 0 then return { 'unseeded', text(now), unseeded } end
local some_settled = redis.call(unpack(markers)) > 0

local expired = redis.call('ZRANGEBYSCORE', due, '-inf', text(now), 'LIMIT', 0, 100)
for _, other in ipairs(expired) do redis.call('ZADD', due, text(now + tonumber(ARGV[3]) + 0.5), other) end

-- Milliseconds until so much of a sliding window is over that the excess fits.
local function sliding_wait(counter, excess)
  local stretch = counter.p
  while stretch ~= counter.e do
    local entry = redis.call('HMGET', counter.key, field('a', stretch), field('n', stretch))
    excess = excess - tonumber(entry[1])
    if excess <= 0 then break end
    stretch = tonumber(entry[2])
  end
  return release_of(stretch, counter.a) - now
end

-- The limit that keeps a demand out for the longest time, and for how long.
local function obstacle_for(demand)
  local obstacle, longest, longest_rank
  for index, counter in ipairs(counters) do
    local amount = demand[counter.unit]
    local most = counter.kind == 'bucket' and counter.b or counter.max
    local excess = counter.v + amount - most
    if excess > 0 then
      local wait = math.huge
      if amount <= most then
        if counter.kind == 'bucket' then
          if counter.max > 0 then wait = math.ceil(excess * counter.a / counter.max) end
        elseif counter.kind == 'calendar' then
          wait = counter.e - now
        elseif counter.kind == 'sliding' then
          wait = sliding_wait(counter, excess)
        end
      end
      -- When something that is held comes back, nobody knows: any other wait says more.
      local rank = (counter.kind == 'held' and amount <= counter.max) and 0 or wait
      if not longest or rank > longest_rank then obstacle, longest, longest_rank = index, wait, rank end
    end
  end
  return obstacle, longest
end

local function take(demand)
  local places = {}
  for index, counter in ipairs(counters) do
    local amount = demand[counter.unit]
    local place = 0
    if counter.kind == 'sliding' then
      place = add_to_stretch(counter, now, amount)
    else
      counter.v = counter.v + amount
      if counter.kind == 'calendar' then place = counter.p end
    end
    if not counter.g then save(counter) end
    places[2 * index - 1], places[2 * index] = counter.g, place
  end
  return struct.pack('<' .. string.rep('d', #places), unpack(places))
end

local granted = {}
local records, times = { 'HSET', leases }, { 'ZADD', due }
local about = '\\n' .. limits .. '\\n' .. table.concat(KEYS, '\\n', 3, 2 + #counters) .. '\\n\\n'
local function grant(id, ttl, amounts, demand)
  granted[id] = true
  records[#records + 1] = id
  records[#records + 1] = text(now) .. ' ' .. amounts .. about .. take(demand)
  times[#times + 1] = text(now + ttl)
  times[#times + 1] = id
  return { 'granted', text(now) }
end

local function answer_to(position)
  local id, ttl, requests, tokens, cost = unpack(ARGV, 5 * position - 3, 5 * position + 1)
  -- Sent twice by a client that lost its connection in between.
  local record = there[1 + position]
  if record then return { 'granted', string.match(record, '^(%S+)') } end
  if granted[id] then return { 'granted', text(now) } end
  if some_settled and redis.call('EXISTS', markers[1 + position]) == 1 then return { 'settled' } end
  local demand = { tonumber(requests), tonumber(tokens), tonumber(cost), 1 }
  local obstacle, wait = obstacle_for(demand)
  if obstacle then return { 'refused', obstacle, wait < math.huge and text(wait) or '-' } end
  return grant(id, tonumber(ttl), requests .. ' ' .. tokens .. ' ' .. cost, demand)
end

local answers = {}
for position = 1, demands do answers[position] = answer_to(position) end

if #records > 2 then
  for _, counter in ipairs(counters) do save(counter) end
  if not there[1] then redis.call('HSET', leases, '@', epoch) end
  redis.call(unpack(records))
  redis.call(unpack(times))
  -- Leases stay as long as there are any. See SETTLE for how long an empty table does.
  if redis.call('HLEN', leases) == #records / 2 then redis.call('PERSIST', leases) end
else
  for _, counter in ipairs(counters) do if counter.gone then save(counter) end end
end
return { 'done', text(now), epoch, expired, states(counters), answers }
`;
