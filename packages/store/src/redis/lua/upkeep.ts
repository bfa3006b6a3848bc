import { COUNTERS } from './counters.ts';

/**
 * Tells counters what the ledger knows.
 *
 *     KEYS  a counter per limit
 *     ARGV  limits, then for each: its last row, how many entries, and for each entry time and amount
 */
export const SEED = `${COUNTERS}
local cursor = 1
local function next_number()
  cursor = cursor + 1
  return tonumber(ARGV[cursor])
end
local counters = parse(ARGV[1], 0)
for _, counter in ipairs(counters) do
  if counter.kind == 'calendar' and (now < counter.a or now >= counter.b) then return { 'stale', text(now) } end
end
for index, counter in ipairs(counters) do
  read(counter)
  local last, count = next_number(), next_number()
  local entries = {}
  for entry = 1, count do entries[entry] = { next_number(), next_number() } end
  if counter.seeded and counter.u < 0 then
    local settled = redis.call('HGETALL', counter.key)
    redis.call('DEL', counter.key)
    counter.g, counter.u, counter.v, counter.p, counter.e, counter.c = nil, math.max(0, last), 0, nil, nil, 0
    advance(counter)
    save(counter)
    for _, entry in ipairs(entries) do add(counter, entry[1], entry[2]) end
    for position = 1, #settled, 2 do
      local row = tonumber(string.match(settled[position], '^w(%d+)$'))
      if row then
        local first, at, amount = string.match(settled[position + 1], '(%S+) (%S+) (%S+)')
        charge(counter, tonumber(at), tonumber(amount), tonumber(first), row)
      end
    end
  end
end
return { 'seeded', text(now) }
`;

/**
 * Counts what was spent while there was no Redis. Once: the marker is the batch's.
 *
 *     KEYS  marker, a counter per entry
 *     ARGV  limits, then for each: time, amount, first and last row of the ledger
 */
export const CHARGE = `${COUNTERS}
if not redis.call('SET', KEYS[1], 'charged', 'NX', 'PX', 7 * DAY_MS) then return { text(now) } end
for index, counter in ipairs(parse(ARGV[1], 1)) do
  local base = 1 + (index - 1) * 4
  read(counter)
  charge(counter, tonumber(ARGV[base + 1]), tonumber(ARGV[base + 2]), tonumber(ARGV[base + 3]), tonumber(ARGV[base + 4]))
end
return { text(now) }
`;

/** Keeps leases from expiring. KEYS: due. ARGV: time to live, leases. */
export const RENEW = `${COUNTERS}
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], 'XX', text(now + tonumber(ARGV[1])), ARGV[index]) end
return { text(now) }
`;

/** Where limits stand. KEYS: leases, a counter per limit. ARGV: limits. */
export const READ = `${COUNTERS}
local counters = parse(ARGV[1], 1)
local epoch = tonumber(redis.call('HGET', KEYS[1], '@') or nil)
for index, counter in ipairs(counters) do
  read(counter, epoch)
  if not advance(counter) then return { 'stale', text(now) } end
  if counter.gone then save(counter) end
end
return { 'read', text(now), states(counters) }
`;

/** Sets a counter back to nothing. KEYS: leases, the counter. ARGV: the limit. */
export const RESET = `${COUNTERS}
local counter = parse(ARGV[1], 1)[1]
read(counter, tonumber(redis.call('HGET', KEYS[1], '@') or nil))
redis.call('DEL', counter.key)
counter.g, counter.z, counter.v, counter.c = nil, now, 0, 0
if counter.kind == 'sliding' then counter.p, counter.e = nil, nil end
if counter.kind == 'calendar' and not counter.e then counter.p, counter.e = counter.a, counter.b end
if counter.kind ~= 'held' then save(counter) end
return { text(now) }
`;

/** One record, or all of them: ids and records in turn. KEYS: leases. ARGV: a lease, or none. */
export const RECORDS = `${COUNTERS}
if ARGV[1] then return { text(now), ARGV[1], redis.call('HGET', KEYS[1], ARGV[1]) or '' } end
local all = redis.call('HGETALL', KEYS[1])
table.insert(all, 1, text(now))
return all
`;
