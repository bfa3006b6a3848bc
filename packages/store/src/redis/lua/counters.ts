import { STRETCHES } from '../../limits/sliding-window.ts';

/**
 * What every script begins with: the server's time, and counters. A counter is one hash:
 *
 *     h       seven doubles, of which those marked with ? may be minus infinity, for nothing:
 *             its generation?: another one when it was lost, set back, or expired
 *             what is counted
 *             sliding: the oldest stretch that has anything?; bucket: the time of what is counted?; calendar: the period's start?
 *             sliding: the newest stretch?; calendar: the period's end?; held: the epoch?
 *             the last row of the ledger that was in its seed; -1 where it was never seeded
 *             when it was set back?: what was reserved before is not counted
 *             sliding: what is in the newest stretch
 *     aN, nN  sliding: what is in an older stretch N, and the stretch after it that has anything: going on costs nothing for those without
 *     wN      what was settled as row N before it was seeded
 *
 * Numbers go to and from Redis as doubles, or as text with 17 digits, which is every double exactly; `..` in Lua would keep 14.
 * The arithmetic is that of limits/sliding-window.ts and its neighbours.
 */
export const COUNTERS = `
local HOUR_MS = 3600000
local DAY_MS = 86400000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Whole numbers as such, which is much faster, where a C long holds them.
local whole = string.format('%d', 2^53) == '9007199254740992'
local function text(number)
  if whole and number % 1 == 0 then return string.format('%d', number) end
  return string.format('%.17g', number)
end
local function field(name, number) return name .. text(number) end
local generation = time[1] * 1000000 + time[2]

local function stretch_of(at, ms) return math.floor(at * ${STRETCHES - 1} / (ms + 1)) end
local function release_of(stretch, ms) return math.ceil((stretch + ${STRETCHES}) * (ms + 1) / ${STRETCHES - 1}) end

-- Six values for each limit: kind, unit, max, two parameters, whether it is seeded. The parameters are window and burst, or the period's bounds.
-- Their keys are those after the first few. All members are named, so that the tables need not grow.
local function parse(limits, others)
  local values = cjson.decode(limits)
  local counters = {}
  for index = 1, #values / 6 do
    local at = index * 6
    counters[index] = {
      key = KEYS[others + index], kind = values[at - 5], unit = values[at - 4], max = values[at - 3],
      a = values[at - 2], b = values[at - 1], seeded = values[at],
      g = false, v = 0, p = false, e = false, u = -1, z = false, c = 0, read_e = false, changed = false
    }
  end
  return counters
end

local HEADER = '<ddddddd'
local NOTHING = -math.huge
local function known(number)
  if number ~= NOTHING then return number end
  return nil
end

-- What is there. It stands first in its hash, so that it is found at once.
local function read(counter, epoch)
  local header = redis.call('HGET', counter.key, 'h')
  if header then
    local g, v, p, e, u, z, c = struct.unpack(HEADER, header)
    counter.g, counter.v, counter.p, counter.e = known(g), v, known(p), known(e)
    counter.u, counter.z, counter.c = u, known(z), c
  else
    counter.g, counter.p, counter.e, counter.z = nil, nil, nil, nil
  end
  counter.read_e = counter.e
  -- What is held is known by its leases: without them, nothing is.
  if counter.kind == 'held' and counter.e ~= epoch then
    counter.g, counter.v, counter.e = nil, 0, epoch
  end
end

-- Where it is now; nothing is written before it is saved. False where the given bounds are not those of the period that the server's time lies in.
local function advance(counter)
  if counter.kind == 'sliding' then
    local last = stretch_of(now, counter.a) - ${STRETCHES}
    while counter.p and counter.p <= last do
      if counter.p == counter.e then
        counter.p = nil
      else
        local amount, next = field('a', counter.p), field('n', counter.p)
        local entry = redis.call('HMGET', counter.key, amount, next)
        counter.v = counter.v - tonumber(entry[1] or 0)
        counter.p = entry[2] and tonumber(entry[2])
        counter.gone = counter.gone or {}
        table.insert(counter.gone, amount)
        table.insert(counter.gone, next)
      end
    end
    if not counter.p then counter.v, counter.c, counter.e = 0, 0, nil end
  elseif counter.kind == 'bucket' then
    if not counter.p or now > counter.p then
      counter.v = math.max(0, counter.v - (now - (counter.p or now)) * counter.max / counter.a)
      counter.p = now
    end
  elseif counter.kind == 'calendar' then
    if now < counter.a or now >= counter.b then return false end
    if not counter.e or now >= counter.e then
      counter.v, counter.p, counter.e = 0, counter.a, counter.b
    end
  end
  return true
end

local function save(counter)
  local key, kind = counter.key, counter.kind
  local fresh = not counter.g
  if fresh then counter.g = generation end
  local header = struct.pack(
    HEADER, counter.g, counter.v, counter.p or NOTHING, counter.e or NOTHING, counter.u, counter.z or NOTHING, counter.c
  )
  redis.call('HSET', key, 'h', header)
  if counter.gone then redis.call('HDEL', key, unpack(counter.gone)) end
  fresh = fresh or counter.e ~= counter.read_e
  counter.changed, counter.gone, counter.read_e = false, nil, counter.e
  -- It goes when it says nothing any more. One of the calendar stays a while longer, since a clock may step back.
  if kind == 'bucket' then
    local ms = counter.max > 0 and math.max(counter.v, counter.b) * counter.a / counter.max or counter.a
    redis.call('PEXPIRE', key, text(math.min(math.ceil(ms) + 1000, 36500 * DAY_MS)))
  elseif not fresh then
    return
  elseif kind == 'sliding' then
    redis.call('PEXPIRE', key, math.ceil(counter.a * ${(STRETCHES + 1) / (STRETCHES - 1)}) + 1000)
  elseif kind == 'calendar' then
    redis.call('PEXPIREAT', key, counter.e + HOUR_MS)
  elseif kind == 'held' or counter.seeded then
    redis.call('PEXPIRE', key, 365 * DAY_MS)
  end
end

-- Adds to a stretch that has something already, and may be gone by now.
local function correct(counter, stretch, difference)
  if stretch == counter.e then
    counter.c = counter.c + difference
  else
    local name = field('a', stretch)
    local there = redis.call('HGET', counter.key, name)
    if not there then return false end
    redis.call('HSET', counter.key, name, text(there + difference))
  end
  counter.v = counter.v + difference
  return true
end

-- Adds to the stretch of a time, or of the next stretch that has anything, where it lies before others. Returns which.
local function add_to_stretch(counter, at, amount)
  local stretch = stretch_of(at, counter.a)
  if counter.e and stretch <= counter.e then
    local found = counter.e
    if stretch < found then
      found = counter.p
      while found < stretch do found = tonumber(redis.call('HGET', counter.key, field('n', found))) end
    end
    correct(counter, found, amount)
    return found
  end
  if counter.e then
    redis.call('HSET', counter.key, field('a', counter.e), text(counter.c), field('n', counter.e), text(stretch))
  else
    counter.p = stretch
  end
  counter.e, counter.c, counter.v = stretch, amount, counter.v + amount
  return stretch
end

-- Counts an amount that was taken at some time before, if it would still count.
local function add(counter, at, amount)
  if counter.z and at < counter.z then return end
  if counter.kind == 'calendar' then
    if now >= counter.b then return end
    if not counter.e or now >= counter.e then counter.v, counter.p, counter.e = 0, counter.a, counter.b end
    if at < counter.p then return end
    counter.v = counter.v + amount
  else
    advance(counter)
    if counter.kind == 'sliding' then
      if stretch_of(at, counter.a) <= stretch_of(now, counter.a) - ${STRETCHES} then return end
      add_to_stretch(counter, at, amount)
    elseif counter.kind == 'bucket' then
      counter.v = counter.v + math.max(0, amount - math.max(0, now - at) * counter.max / counter.a)
    else
      counter.v = counter.v + amount
    end
  end
  save(counter)
end

-- Counts what was spent without a reservation in this counter, unless its seed has it: rows first to last of the ledger.
local function charge(counter, at, amount, first, last)
  if amount == 0 or counter.kind == 'held' then return end
  if counter.seeded and counter.u < 0 then
    if last == 0 then return end
    redis.call('HSET', counter.key, field('w', last), text(first) .. ' ' .. text(at) .. ' ' .. text(amount))
    -- Longer than a seed is on its way: one that comes later has it.
    redis.call('PEXPIRE', counter.key, 60000)
  elseif last > counter.u then
    -- Where the seed has some of these rows, the ledger has to be asked again.
    if first <= counter.u and counter.seeded then redis.call('DEL', counter.key) else add(counter, at, amount) end
  end
end

-- Two numbers a limit: what is counted, and when it will be nothing; a dash for never.
local function states(counters)
  local all = {}
  for index, counter in ipairs(counters) do
    local resets = '-'
    if counter.kind ~= 'forever' and counter.kind ~= 'held' then
      resets = text(now)
      if counter.v > 0 then
        if counter.kind == 'sliding' then resets = text(release_of(counter.e, counter.a))
        elseif counter.kind == 'calendar' then resets = text(counter.e)
        elseif counter.max > 0 then resets = text(now + math.ceil(counter.v * counter.a / counter.max))
        else resets = '-' end
      end
    end
    all[index] = text(counter.v) .. ' ' .. resets
  end
  return table.concat(all, ' ')
end
`;
