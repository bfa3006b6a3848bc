import { STRETCHES } from '../../limits/sliding-window.ts';

/**
 * What every script begins with: the server's time, and counters. A counter is one hash:
 *
 *     g  its generation: another one when it was lost, set back, or expired
 *     u  the last row of the ledger that was in its seed; absent where it was never seeded
 *     z  when it was set back: what was reserved before is not counted
 *     v  what is counted
 *     p  sliding: the oldest stretch that has anything; bucket: the time of v; calendar: the period's start
 *     e  sliding: the newest stretch; calendar: the period's end; held: the epoch
 *     aN, nN  sliding: what is in stretch N, and the stretch after it that has anything: going on costs nothing for those without
 *     wN  what was settled as row N before it was seeded
 *
 * Numbers go to and from Redis with 17 digits, which is every double exactly; `..` in Lua would keep 14.
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
local generation = text(time[1] * 1000000 + time[2])

local function stretch_of(at, ms) return math.floor(at * ${STRETCHES - 1} / (ms + 1)) end
local function release_of(stretch, ms) return math.ceil((stretch + ${STRETCHES}) * (ms + 1) / ${STRETCHES - 1}) end

-- One line per limit: kind, unit, max, two parameters, whether it is seeded. The parameters are window and burst, or the period's bounds.
local function parse(lines)
  local limits = {}
  for line in string.gmatch(lines, '[^\\n]+') do
    local kind, unit, max, a, b, seeded = string.match(line, '(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)')
    limits[#limits + 1] = {
      kind = kind, unit = tonumber(unit), max = tonumber(max), a = tonumber(a), b = tonumber(b), seeded = seeded == '1'
    }
  end
  return limits
end

-- What is there, and of a sliding one also what is in one stretch: that of now, where no other is asked for.
local function read(counter, epoch, stretch)
  local kind = counter.kind
  local hash
  if kind == 'sliding' then
    counter.stretch = stretch or stretch_of(now, counter.a)
    hash = redis.call('HMGET', counter.key, 'g', 'v', 'p', 'e', field('a', counter.stretch), 'u')
    counter.there = hash[5] and tonumber(hash[5])
  elseif kind == 'forever' then
    hash = redis.call('HMGET', counter.key, 'g', 'v', 'u')
    hash[3], hash[6] = false, hash[3]
  elseif kind == 'held' then
    hash = redis.call('HMGET', counter.key, 'g', 'v', 'e')
    hash[3], hash[4] = false, hash[3]
  else
    hash = redis.call('HMGET', counter.key, 'g', 'v', 'p', 'e', 'u')
    hash[6] = hash[5]
  end
  counter.g = hash[1]
  counter.v = tonumber(hash[2] or 0)
  counter.p = hash[3] and tonumber(hash[3])
  counter.e = hash[4] and tonumber(hash[4])
  counter.u = tonumber(hash[6] or -1)
  counter.read_p, counter.read_e = counter.p, counter.e
  -- What is held is known by its leases: without them, nothing is.
  if kind == 'held' and hash[4] ~= epoch then
    counter.g = false
    counter.v = 0
    counter.e = epoch
  end
end

-- Where it is now; nothing is written before it is saved. False where the given bounds are not those of the period that the server's time lies in.
local function advance(counter)
  if counter.kind == 'sliding' then
    local last = stretch_of(now, counter.a) - ${STRETCHES}
    while counter.p and counter.p <= last do
      local amount, next = field('a', counter.p), field('n', counter.p)
      local entry = redis.call('HMGET', counter.key, amount, next)
      counter.v = counter.v - tonumber(entry[1] or 0)
      counter.p = entry[2] and tonumber(entry[2])
      counter.gone = counter.gone or {}
      table.insert(counter.gone, amount)
      table.insert(counter.gone, next)
    end
    if not counter.p then
      counter.v = 0
      counter.e = nil
    end
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
  local hash = counter.fields or {}
  hash[#hash + 1] = 'v'
  hash[#hash + 1] = text(counter.v)
  local function put(name, value)
    hash[#hash + 1] = name
    hash[#hash + 1] = value
  end
  -- Most of it stays as it was read: saying it again would take longer than all the rest.
  if fresh then
    counter.g = generation
    put('g', generation)
    if counter.u >= 0 then put('u', text(counter.u)) end
    if counter.z then put('z', text(counter.z)) end
    if kind == 'held' then put('e', counter.e) end
  end
  if kind ~= 'forever' and kind ~= 'held' and (counter.p ~= counter.read_p or counter.e ~= counter.read_e) then
    fresh = fresh or counter.e ~= counter.read_e
    put('p', counter.p and text(counter.p) or '')
    put('e', counter.e and text(counter.e) or '')
  end
  redis.call('HSET', key, unpack(hash))
  if counter.gone then redis.call('HDEL', key, unpack(counter.gone)) end
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

-- Adds to the stretch of a time, or of the next stretch that has anything, where it lies between others. Returns which.
local function add_to_stretch(counter, at, amount)
  local stretch = stretch_of(at, counter.a)
  if not counter.e then
    counter.p = stretch
  elseif stretch > counter.e then
    redis.call('HSET', counter.key, field('n', counter.e), text(stretch))
  else
    local found = counter.e
    if stretch < found then
      found = counter.p
      while found < stretch do found = tonumber(redis.call('HGET', counter.key, field('n', found))) end
    end
    stretch = found
  end
  if not counter.e or stretch > counter.e then counter.e = stretch end
  redis.call('HINCRBYFLOAT', counter.key, field('a', stretch), text(amount))
  counter.v = counter.v + amount
  return stretch
end

-- Adds to the stretch of now, which was read with the rest. Returns which: a later one, where the clock has stepped back.
local function add_now(counter, amount)
  local stretch = counter.stretch
  if counter.e and counter.e > stretch then return add_to_stretch(counter, now, amount) end
  counter.fields = { field('a', stretch), text((counter.there or 0) + amount) }
  if not counter.e then
    counter.p = stretch
  elseif counter.e < stretch then
    counter.fields[3], counter.fields[4] = field('n', counter.e), text(stretch)
  end
  counter.e = stretch
  counter.v = counter.v + amount
  return stretch
end

-- Counts an amount that was taken at some time before, if it would still count.
local function add(counter, at, amount)
  if at < tonumber(redis.call('HGET', counter.key, 'z') or 0) then return end
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
