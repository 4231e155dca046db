"""TTL, time to live: an entry is forgotten so many seconds after it was kept, asked for or not.

It is the simplest promise that a cache can make: nobody is told anything older than `seconds`. It needs no word from
whoever changes the original, and pays with loading again what has not changed:

      put            get: hit           get: hit        seconds are over: get finds nothing
      |──────────────|──────────────────|───────────────|

What was put together expires together, and its users then load together. `jitter` lets each entry live a random part
less, so that they come one by one.

From RFC 9111 (HTTP Caching), section 4.2, "Freshness"; jitter as in the AWS Builders' Library, "Caching challenges and
strategies".
"""

from __future__ import annotations

import random as _random
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from mini_services.patterns.cache import Cache

__all__ = ["TTL"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class TTL(Generic[K, V]):
    """Lets the entries of `cache` live for `seconds`; with `jitter` up to that share of them less.

    How many there may be, and what goes first, is up to `cache`: ``TTL(LRU(1000), seconds=30)``. `random` gives numbers
    from 0 to 1.
    """

    def __init__(
        self,
        cache: Cache[K, tuple[V, float]],
        seconds: float,
        *,
        jitter: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = _random.random,
    ) -> None:
        if not (seconds > 0 and 0 <= jitter <= 1):
            raise ValueError("a time to live must be above 0 seconds, and its jitter from 0 to 1")
        self.seconds, self.jitter = seconds, jitter
        self._cache, self._clock, self._random = cache, clock, random

    def get(self, key: K) -> V | None:
        """The entry while it lives; None where there is none."""
        entry = self._cache.get(key)
        if entry is None:
            return None
        value, until = entry
        return value if self._clock() < until else None

    def put(self, key: K, value: V) -> None:
        """Keep it from now on for its time to live."""
        lives = self.seconds * (1 - self.jitter * self._random())
        self._cache.put(key, (value, self._clock() + lives))

    def drop(self, key: K) -> None:
        """Forget it, if it is there."""
        self._cache.drop(key)

    def clear(self) -> None:
        """Forget everything."""
        self._cache.clear()
