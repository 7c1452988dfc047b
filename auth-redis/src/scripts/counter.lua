-- The decisions of auth_core::throttle about one counter, in milliseconds since 1970. A test holds
-- them equal to those.

local MOST = 4294967295
local SLOT = 30000
-- How much longer than it means anything a key is kept, so that the clocks of two servers may differ.
local SLACK = 60000
local FIELDS = {'failures', 'since', 'blocked_until', 'open', 'open_before', 'slot', 'known_until'}

local function text(number)
  return string.format('%.0f', number)
end

local function read(key)
  local counter = {}
  local values = redis.call('HMGET', key, unpack(FIELDS))
  for at, field in ipairs(FIELDS) do
    counter[field] = tonumber(values[at] or 0)
  end
  return counter
end

-- The tiers of an attempt, each with its counter. Eight arguments each, from `first` on.
local function tiers(first)
  local found = {}
  for at = 2, #KEYS do
    local told = {}
    for offset = 0, 7 do
      told[offset + 1] = tonumber(ARGV[first + (at - 2) * 8 + offset])
    end
    local tier = {key = KEYS[at], backoff = told[1] == 1, trust = told[6], trusted_for = told[7], mark = told[8]}
    if tier.backoff then
      tier.free, tier.first, tier.longest, tier.memory = told[2], told[3], told[4], told[5]
    else
      tier.most, tier.memory = told[2], told[3]
    end
    tier.counter = read(tier.key)
    found[at - 1] = tier
  end
  return found
end

local function expires_at(tier)
  local counter, ends = tier.counter, 0
  if counter.failures > 0 then
    ends = counter.since + tier.memory
  end
  if tier.backoff and (counter.open > 0 or counter.open_before > 0) then
    ends = math.max(ends, (counter.slot + 2) * SLOT + tier.memory)
  end
  return math.max(ends, counter.blocked_until, counter.known_until)
end

local function write(tier, now)
  local fields = {}
  for _, field in ipairs(FIELDS) do
    fields[#fields + 1] = field
    fields[#fields + 1] = text(tier.counter[field])
  end
  redis.call('HSET', tier.key, unpack(fields))
  local ends = expires_at(tier)
  local life = math.max(ends - now, 0) + SLACK
  redis.call('PEXPIRE', tier.key, text(life))
  redis.call('ZADD', KEYS[1], text(ends), tier.key)
  if redis.call('PTTL', KEYS[1]) < life then
    redis.call('PEXPIRE', KEYS[1], text(life))
  end
end

local function slot(now)
  return math.floor(now / SLOT)
end

local function end_leases(counter, now)
  local passed, ended = slot(now) - counter.slot, nil
  if passed == 0 or passed == -1 then
    return
  elseif passed == 1 then
    ended, counter.open_before = counter.open_before, counter.open
  else
    ended, counter.open_before = counter.open_before + counter.open, 0
  end
  counter.open, counter.slot = 0, slot(now)
  if ended > 0 then
    counter.failures, counter.since = math.min(counter.failures + ended, MOST), now
  end
end

-- What time alone has changed.
local function at(tier, now)
  local counter = tier.counter
  counter.since = math.min(counter.since, now)
  if tier.backoff then
    counter.blocked_until = math.min(counter.blocked_until, now + tier.longest)
    end_leases(counter, now)
    if now - counter.since >= tier.memory then
      counter.failures, counter.blocked_until = 0, 0
    end
  elseif now - counter.since >= tier.memory then
    counter.failures = 0
  end
end

local function pause(tier)
  local doublings = tier.counter.failures - tier.free
  if doublings < 0 then
    return nil
  end
  return math.min(tier.first * math.min(2 ^ math.min(doublings, 32), MOST), tier.longest)
end
