-- The keys that it forgets are in the slot of KEYS[1], though no caller can name them.
local over = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, key in ipairs(over) do
  redis.call('DEL', key)
  redis.call('ZREM', KEYS[1], key)
end
return #over
