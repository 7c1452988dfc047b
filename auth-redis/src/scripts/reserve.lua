local now = tonumber(ARGV[1])
local attempt = tiers(2)

local known = false
for _, tier in ipairs(attempt) do
  at(tier, now)
  known = known or (tier.trust == 1 and tier.counter.known_until > now)
end

local refused, wait = nil, 0
for place, tier in ipairs(attempt) do
  local counter, left = tier.counter, 0
  if tier.backoff then
    left = counter.blocked_until - now
  elseif counter.failures >= tier.most then
    left = math.max(counter.since + tier.memory - now, 1)
  end
  if left > 0 and not (known and tier.trust == 2) then
    refused, wait = refused or place - 1, math.max(wait, left)
  end
end
if refused then
  return {0, refused, wait}
end

local granted = {1}
for place, tier in ipairs(attempt) do
  local counter, mark = tier.counter, 0
  if tier.backoff then
    counter.open = math.min(counter.open + 1, MOST)
    local until_next = pause(tier)
    if until_next then
      counter.blocked_until = now + until_next
      mark = counter.blocked_until
    end
  else
    if counter.failures == 0 then
      counter.since = now
    end
    counter.failures, mark = math.min(counter.failures + 1, MOST), counter.since
  end
  write(tier, now)
  granted[place + 1] = mark
end
return granted
