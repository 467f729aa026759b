"""Buckets in Redis, the same for every node that shares it."""

from hashlib import blake2b, sha1
from typing import Any

from redis.exceptions import NoScriptError

from tertulia.core.limits.store import Drawn
from tertulia.core.redis import KEYS

PREFIX = KEYS + "limit:"
SERVER_TIME = "(function() local t = redis.call('TIME') return t[1] * 1000000 + t[2] end)()"
"""Microseconds by Redis' own clock: nodes whose clocks disagree share one bucket all the same."""

SCRIPT = """
local least, most, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = $now
local function keep(full_at)
    local rest = math.ceil((full_at - now) / 1000) + 1000
    redis.call('SET', KEYS[1], string.format('%.2f', full_at), 'PX', string.format('%.0f', rest))
end
local full_at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
-- Further off is impossible but for a clock that was set back: nobody waits for it to catch up.
if full_at > now + window + 1 then
    full_at = now + window
    keep(full_at)
end
-- One microsecond more: a double of this size is good for a quarter of one.
local room = now + window - full_at + 1
if room < least then
    return {'0', string.format('%.2f', least - room)}
end
local taken = math.floor(math.min(room, most) / least) * least
keep(full_at + taken)
return {string.format('%.2f', taken), '0'}
"""


class RedisBuckets:
    """One string per bucket in use, gone by itself a second after the bucket is full.

    Raises one of `core.redis.UNREACHABLE`. `now` is a Lua expression for the time in microseconds.
    """

    def __init__(self, redis: Any, *, now: str = SERVER_TIME) -> None:
        self._redis = redis
        self._text = SCRIPT.replace("$now", now)
        # Redis' name for a script; nothing here is a secret.
        self._sha = sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    async def draw(self, key: str, least: float, most: float, window: float) -> Drawn:
        given = [repr(seconds * 1e6) for seconds in (least, most, window)]
        taken, wait = await self._run(_name(key), *given)
        return Drawn(float(taken) / 1e6, float(wait) / 1e6)

    async def forget(self, key: str) -> None:
        await self._redis.delete(_name(key))

    async def _run(self, *given: str) -> tuple[bytes, bytes]:
        """By its hash, which is a fifth of the bytes; in full where Redis does not know it (yet, or
        no more: after a restart, on another shard)."""
        try:
            return await self._redis.evalsha(self._sha, 1, *given)
        except NoScriptError:
            return await self._redis.eval(self._text, 1, *given)


def _name(key: str) -> str:
    """Of the same length for all, and telling nobody who reads Redis a name or an address. One key
    a script: that is what a cluster asks."""
    return PREFIX + blake2b(key.encode(), digest_size=16).hexdigest()
