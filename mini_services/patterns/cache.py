"""Cache-aside: look into the cache first, and on a miss load the value and keep it.

    get(key)      hit:   cache ──► value
                  miss:  cache ──► nothing, load ──► value, and keep it for the next one

What is kept is a copy, so whoever changes the original calls :meth:`CacheAside.changed`. One race is left then, and it
lasts for as long as the copy is kept:

    reader   miss, begins to load ─── reads the old value ──────────────────────► keeps it, for ever
    writer                                                 writes the new one, drops the copy (there is none)

So a reader takes a lease on its key when it begins to load, a change tears up the lease, and what was loaded without a
valid lease is given to the reader and not kept.

Leases from Nishtala and others, "Scaling Memcache at Facebook" (2013), section 3.2.1.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

from mini_services.patterns.single_flight import SingleFlight

__all__ = ["Cache", "CacheAside"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Key = TypeVar("Key", bound=Hashable, contravariant=True)


class Cache(Protocol[Key, V]):
    """What keeps the copies: :mod:`lru`, :mod:`lfu`, :mod:`ttl`, or a store that many processes share."""

    def get(self, key: Key) -> V | None:
        """The copy; None where there is none."""

    def put(self, key: Key, value: V) -> None:
        """Keep a copy; something else may have to go for it."""

    def drop(self, key: Key) -> None:
        """Forget the copy, if there is one."""

    def clear(self) -> None:
        """Forget everything."""


class CacheAside(Generic[K, V]):
    """`load(key)` behind `cache`; shared by threads. With `together`, threads that miss one key load it once."""

    def __init__(self, cache: Cache[K, V], load: Callable[[K], V], *, together: bool = False) -> None:
        self._cache, self._load = cache, load
        self._flights: SingleFlight[K, V] | None = SingleFlight() if together else None
        self._leases: dict[K, object] = {}
        self._lock = threading.Lock()

    def get(self, key: K) -> V:
        """The copy, or what `load` returns; what it raises is raised, and nothing is kept."""
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        return self._flights.fly(key, self._miss) if self._flights else self._miss(key)

    def changed(self, key: K) -> None:
        """The original has changed: the copy goes, and so does what is being loaded now, which may be the old value."""
        with self._lock:
            self._leases.pop(key, None)
            if self._flights:
                self._flights.forget(key)
            self._cache.drop(key)

    def changed_all(self) -> None:
        """Nobody knows what has changed: everything goes."""
        with self._lock:
            for key in self._leases:
                if self._flights:
                    self._flights.forget(key)
            self._leases.clear()
            self._cache.clear()

    def _miss(self, key: K) -> V:
        lease = object()
        with self._lock:
            self._leases[key] = lease
        try:
            value = self._load(key)
            with self._lock:
                if self._leases.get(key) is lease:
                    self._cache.put(key, value)
            return value
        finally:
            with self._lock:
                if self._leases.get(key) is lease:
                    del self._leases[key]
