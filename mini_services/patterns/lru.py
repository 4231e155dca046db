"""LRU, least recently used: a full cache forgets what nobody has asked for the longest.

      asked for:   a  b  c  a  d       size 3

      oldest ──► newest      a         a b       a b c       b c a       c a d     b had to go
                             +a        +b        +c          a again     +d

It needs no tuning, and follows when the taste of users changes. One thing empties it: a scan, which reads everything
once, drives out all that is popular (:mod:`mini_services.patterns.lfu` stands that).

How often it hits under a steady taste is Che's approximation: `labkit.theory.lru_hit_ratio`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["LRU"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LRU(Generic[K, V]):
    """At most `size` entries, shared by threads."""

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError("an LRU cache needs a size of 1 entry or more")
        self.size = size
        self._entries: OrderedDict[K, V] = OrderedDict()  # the one used last is at the end
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """The entry, which is now the one used last; None where there is none."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key]

    def put(self, key: K, value: V) -> None:
        """Keep it as the one used last; the one used least recently goes when there is no room."""
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            if len(self._entries) > self.size:
                self._entries.popitem(last=False)

    def drop(self, key: K) -> None:
        """Forget it, if it is there."""
        with self._lock:
            self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
