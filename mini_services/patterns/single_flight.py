"""Single flight: callers who want the same thing at the same time share one call.

A popular entry expires, and in the next moment a hundred threads miss it. Each of them asks the database for the same
row: a stampede. Here the first one flies, and the others wait for it to land:

    thread 1   fly("book") ──► load ───────► value
    thread 2     fly("book") ─ waits ──────► the same value
    thread 3                   fly("book") ► the same value

A failure is shared as well: who waited for it would have met it too. After a change to the original call `forget`: who
asks from then on must not be given an answer to a question that was asked before.

From Go's golang.org/x/sync/singleflight (Brad Fitzpatrick's groupcache); nginx's `proxy_cache_lock` does the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

__all__ = ["SingleFlight"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """Shared by the threads that call it."""

    def __init__(self) -> None:
        self._flights: dict[K, Future[V]] = {}
        self._lock = threading.Lock()

    def fly(self, key: K, load: Callable[[K], V]) -> V:
        """What `load(key)` returns or raises, of this call or of the one that is under way."""
        with self._lock:
            flight = self._flights.get(key)
            first = flight is None
            if flight is None:
                flight = self._flights[key] = Future()
        return self._lead(key, load, flight) if first else flight.result()

    def forget(self, key: K) -> None:
        """Who comes now begins a flight of its own; those who wait are still served."""
        with self._lock:
            self._flights.pop(key, None)

    def _lead(self, key: K, load: Callable[[K], V], flight: Future[V]) -> V:
        try:
            value = load(key)
        except BaseException as error:
            self._land(key, flight)
            flight.set_exception(error)
            raise
        self._land(key, flight)
        flight.set_result(value)
        return value

    def _land(self, key: K, flight: Future[V]) -> None:
        """Before those who wait are told: nobody may board a flight that has its answer."""
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
