local now, began, verdict = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local SUCCESS, FAILURE = 0, 1

-- Takes one attempt off those under way; false when its lease is over, so that it was counted.
local function close(counter)
  local passed = counter.slot - slot(began)
  if passed > 1 then
    return false
  end
  local own, other = 'open', 'open_before'
  if passed == 1 then
    own, other = other, own
  end
  local open = counter[own] > 0 and own or other
  local was_open = counter[open] > 0
  counter[open] = math.max(counter[open] - 1, 0)
  return was_open
end

local function fail(tier)
  local counter = tier.counter
  if tier.backoff and close(counter) then
    counter.failures, counter.since = math.min(counter.failures + 1, MOST), now
    local until_next = pause(tier)
    if until_next then
      counter.blocked_until = math.max(counter.blocked_until, now + until_next)
    end
  end
end

local function give_back(tier)
  local counter = tier.counter
  if tier.backoff then
    if not close(counter) then
      counter.failures = math.max(counter.failures - 1, 0)
    end
    if counter.blocked_until <= tier.mark then
      counter.blocked_until = 0
    end
  elseif counter.since <= tier.mark then
    counter.failures = math.max(counter.failures - 1, 0)
  end
end

for _, tier in ipairs(tiers(4)) do
  at(tier, now)
  if verdict == FAILURE then
    fail(tier)
  else
    give_back(tier)
  end
  if verdict == SUCCESS then
    if tier.backoff then
      tier.counter.failures, tier.counter.blocked_until = 0, 0
    end
    if tier.trust == 1 then
      tier.counter.known_until = now + tier.trusted_for
    end
  end
  write(tier, now)
end
