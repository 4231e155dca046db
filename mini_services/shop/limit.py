"""A rate limit: so many requests a second, after a burst; the rest are refused with 429 and told when to come back.

    each for itself   a token bucket in every instance:   three instances admit three times the limit
    shared            one bucket in Redis for all:        the limit, however many instances there are

The shared bucket is read and written by one script, which Redis runs as one step; two instances that each read, think
and write would both take the last token. Its clock is Redis's own, for the instances' clocks differ. Without Redis the
limit falls back to each for itself: a limit is no reason to turn every user away.

From Stripe, "Scaling your API with rate limiters"; 429 and Retry-After from RFC 6585, section 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mini_services.patterns.token_bucket import TokenBucket
from mini_services.shop.redis_store import connect
from mini_services.shop.refusal import Refusal
from mini_services.shop.service import Service

if TYPE_CHECKING:
    import redis

__all__ = ["Limit"]

_SHARED = """
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(burst, (tonumber(kept[1]) or burst) + (now - (tonumber(kept[2]) or now)) * rate)
local wait = math.max(0, math.ceil((1 - tokens) / rate * 1000000))
if wait == 0 then tokens = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.9f', tokens), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return wait
"""


class Limit:
    """`rate` requests a second and a `burst` of them; all that use one `name` in the Redis at `url` share them."""

    def __init__(self, name: str, rate: float, burst: int, service: Service, url: str = "") -> None:
        self._own = TokenBucket(rate, burst)
        self._key, self._arguments = f"limit:{name}", [rate, burst]
        self._log = service.log
        self._redis: redis.Redis | None = connect(url) if url else None
        if self._redis:
            self._script = self._redis.register_script(_SHARED)
            service.at_end.append(self._redis.close)

    def check(self) -> None:
        """Admit this request, or raise the Refusal of one too many."""
        wait = self._shared_wait() if self._redis else self._own_wait()
        if wait > 0:
            raise Refusal(429, "too many requests", retry_after=wait)

    def _own_wait(self) -> float:
        return 0.0 if self._own.admit() else max(self._own.retry_after(), 1e-6)

    def _shared_wait(self) -> float:
        import redis

        try:
            return int(self._script([self._key], self._arguments)) / 1e6
        except redis.RedisError as error:
            self._log.warning("limit not shared", error=type(error).__name__)
            return self._own_wait()
