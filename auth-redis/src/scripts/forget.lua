for at = 2, #KEYS do
  redis.call('DEL', KEYS[at])
  redis.call('ZREM', KEYS[1], KEYS[at])
end
