"""Bulkhead: so many places for one dependency and no more, so that a sick one cannot take every thread.

A ship is divided into compartments so that one leak does not sink it. Here each dependency (or each slow method) gets
its own number of places; when they are taken the next call is refused at once, and its thread is free for other work:

      stock    [x][x][x][x]   full: refused        the pool's other threads
      payment  [x][ ][ ][ ]   three places left    still serve payment

By Little's law `places = rate x time`: 40 calls a second of 50 ms need 2 on average; give a few times that.

From Michael Nygard, *Release It!*, "Bulkheads"; a counter in place of a pool of threads as in Hystrix's semaphore
isolation: cheaper, but the caller's own thread makes the call, so give the call a time-out too.
"""

from __future__ import annotations

import threading

__all__ = ["Bulkhead", "BulkheadFull"]


class BulkheadFull(Exception):
    """Every place is taken: the call was not made."""

    def __init__(self, places: int) -> None:
        super().__init__(f"all {places} places are taken")
        self.places = places


class Bulkhead:
    """A context manager that holds one of `places` while its block runs; shared by threads.

    `wait`: seconds to wait for a place to come free before :class:`BulkheadFull`; 0 refuses at once. Waiting threads
    are threads lost, so keep it short. Who waits longest is not promised to be first.
    """

    def __init__(self, places: int, *, wait: float = 0.0) -> None:
        if places < 1 or wait < 0:
            raise ValueError("a bulkhead needs 1 place or more and a wait of 0 seconds or more")
        self.places, self.wait = places, wait
        self._in_use = 0
        self._changed = threading.Condition()

    @property
    def in_use(self) -> int:
        """Places taken now, from 0 to `places`."""
        return self._in_use

    def __enter__(self) -> Bulkhead:
        with self._changed:
            if not self._changed.wait_for(lambda: self._in_use < self.places, timeout=self.wait):
                raise BulkheadFull(self.places)
            self._in_use += 1
        return self

    def __exit__(self, *exception: object) -> None:
        with self._changed:
            self._in_use -= 1
            self._changed.notify()
