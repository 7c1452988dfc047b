-- A client that is known stays known.
for at = 2, #KEYS do
  if redis.call('EXISTS', KEYS[at]) == 1 then
    redis.call('HSET', KEYS[at], 'failures', 0, 'since', 0, 'blocked_until', 0, 'open', 0, 'open_before', 0, 'slot', 0)
  end
end
