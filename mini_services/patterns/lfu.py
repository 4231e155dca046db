"""LFU, least frequently used: a full cache forgets what has been asked for the fewest times.

Entries stand in a row of buckets, one for each number of times that they were asked for; a use moves an entry one
bucket on. The one to go is the oldest in the lowest bucket:

      1 │ d  e            d goes first
      2 │ b
      7 │ a  c            a scan of a thousand new keys leaves these alone

Under a taste that never changes, keeping what is asked for most is the best there is, and this comes near it; it counts
only what it holds. When the taste does change, yesterday's favourites sit there with their high counts; so real caches
let counts fade (Redis's `allkeys-lfu`, Caffeine's W-TinyLFU).

The row of buckets from Shah, Mitra and Matani, "An O(1) algorithm for implementing the LFU cache eviction scheme" (2010).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["LFU"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LFU(Generic[K, V]):
    """At most `size` entries, shared by threads. What was forgotten begins anew, with one use."""

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError("an LFU cache needs a size of 1 entry or more")
        self.size = size
        self._uses: dict[K, int] = {}
        self._buckets: dict[int, OrderedDict[K, V]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._uses)

    def get(self, key: K) -> V | None:
        """The entry, which has now been used once more; None where there is none."""
        with self._lock:
            if key not in self._uses:
                return None
            uses = self._uses[key]
            value = self._take(key)
            self._enter(key, value, uses + 1)
            return value

    def put(self, key: K, value: V) -> None:
        """Keep it; a new value is no further use. The one used the fewest times goes when there is no room."""
        with self._lock:
            uses = self._uses.get(key, 1)
            if key in self._uses:
                self._take(key)
            elif len(self._uses) >= self.size:
                self._take(next(iter(self._buckets[min(self._buckets)])))
            self._enter(key, value, uses)

    def drop(self, key: K) -> None:
        """Forget it, if it is there."""
        with self._lock:
            if key in self._uses:
                self._take(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._uses.clear()
            self._buckets.clear()

    def _enter(self, key: K, value: V, uses: int) -> None:
        self._uses[key] = uses
        self._buckets.setdefault(uses, OrderedDict())[key] = value

    def _take(self, key: K) -> V:
        uses = self._uses.pop(key)
        bucket = self._buckets[uses]
        value = bucket.pop(key)
        if not bucket:
            del self._buckets[uses]
        return value
