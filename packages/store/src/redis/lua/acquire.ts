import { COUNTERS } from './counters.ts';

/**
 * Takes a demand from all counters or from none.
 *
 *     KEYS  leases, due, marker, a counter per limit
 *     ARGV  lease, time to live, amounts by unit, limits
 *
 * Answers: `stale`, now | `unseeded`, now, indices | `settled`, now
 *        | `refused`, now, epoch, expired ids, states, index, wait; a dash where no waiting helps
 *        | `granted`, now, epoch, expired ids, states, time of the reservation
 *
 * Leases are a hash of records, with the root's epoch under `@`. When they are due is a sorted set; a lease that somebody was told of is
 * due again half a millisecond after a whole one, by which a sweep knows that it was not renewed.
 */
export const ACQUIRE = `${COUNTERS}
local leases, due, marker = KEYS[1], KEYS[2], KEYS[3]
local id, ttl = ARGV[1], tonumber(ARGV[2])
local demand = { tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), 1 }

local there = redis.call('HMGET', leases, '@', id)
local epoch = there[1] or text(generation)
local counters = parse(ARGV[6], 3)
local unseeded = {}
for index, counter in ipairs(counters) do
  read(counter, tonumber(epoch))
  if not advance(counter) then return { 'stale', text(now) } end
  if counter.seeded and counter.u < 0 then unseeded[#unseeded + 1] = index end
end

-- Sent twice by a client that lost its connection in between.
if there[2] then
  local at = string.match(there[2], '^(%S+)')
  return { 'granted', text(now), epoch, {}, states(counters), at }
end
if redis.call('EXISTS', marker) == 1 then return { 'settled', text(now) } end
if #unseeded > 0 then return { 'unseeded', text(now), unseeded } end

local expired = redis.call('ZRANGEBYSCORE', due, '-inf', text(now), 'LIMIT', 0, 100)
for _, other in ipairs(expired) do redis.call('ZADD', due, text(now + ttl + 0.5), other) end

local obstacle, longest, longest_rank
for index, counter in ipairs(counters) do
  local amount = demand[counter.unit]
  local excess = counter.v + amount - (counter.kind == 'bucket' and counter.b or counter.max)
  if excess > 0 then
    local wait = math.huge
    if amount <= (counter.kind == 'bucket' and counter.b or counter.max) then
      if counter.kind == 'bucket' then
        if counter.max > 0 then wait = math.ceil(excess * counter.a / counter.max) end
      elseif counter.kind == 'calendar' then
        wait = counter.e - now
      elseif counter.kind == 'sliding' then
        local stretch = counter.p
        local left = excess
        while stretch ~= counter.e do
          local entry = redis.call('HMGET', counter.key, field('a', stretch), field('n', stretch))
          left = left - tonumber(entry[1])
          if left <= 0 then break end
          stretch = tonumber(entry[2])
        end
        wait = release_of(stretch, counter.a) - now
      end
    end
    -- When something that is held comes back, nobody knows: any other wait says more.
    local rank = (counter.kind == 'held' and amount <= counter.max) and 0 or wait
    if not longest or rank > longest_rank then obstacle, longest, longest_rank = index, wait, rank end
  end
end
if obstacle then
  for _, counter in ipairs(counters) do if counter.gone then save(counter) end end
  local wait = longest < math.huge and text(longest) or '-'
  return { 'refused', text(now), epoch, expired, states(counters), obstacle, wait }
end

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
  save(counter)
  places[2 * index - 1], places[2 * index] = counter.g, place
end
local record = {
  text(now) .. ' ' .. ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. ARGV[5], ARGV[6], table.concat(KEYS, '\\n', 4), '',
  struct.pack('<' .. string.rep('d', #places), unpack(places))
}
if not there[1] then redis.call('HSET', leases, '@', epoch) end
redis.call('HSET', leases, id, table.concat(record, '\\n'))
-- Leases stay as long as there are any. See SETTLE for how long an empty table does.
if redis.call('HLEN', leases) == 2 then redis.call('PERSIST', leases) end
redis.call('ZADD', due, text(now + ttl), id)
return { 'granted', text(now), epoch, expired, states(counters), text(now) }
`;
