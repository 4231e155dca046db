"""asyncio's event loop with two clocks that a load generator needs: timers on time, and when an answer was there.

Linux's ``epoll_wait`` counts in whole milliseconds, so asyncio sends 0.7 ms late on average. ``select`` counts in
microseconds and can wait for an epoll descriptor: late by 0.1 ms then. (uvloop's timers count in milliseconds, too;
on plain sockets it makes no more requests a second than this.)

After a stall hundreds of answers come at once, and the last is read when the others have been. It was there when the
loop woke, though, and that is its time; else a generator would count its own work as the server's.
"""

from __future__ import annotations

import asyncio
import select
import selectors
import sys
import time

__all__ = ["EngineLoop"]

Ready = list[tuple[selectors.SelectorKey, int]]


class EngineLoop(asyncio.SelectorEventLoop):
    """The loop of the load engine."""

    def __init__(self) -> None:
        self._wakings = _Selector()
        super().__init__(self._wakings)

    @property
    def woke(self) -> float:
        """When the events that are handled now were found, on this loop's clock."""
        return self._wakings.woke


if sys.platform == "linux":
    class _Selector(selectors.EpollSelector):
        woke = 0.0

        def select(self, timeout: float | None = None) -> Ready:
            """Wait in ``select`` for the epoll descriptor to become readable, then ask epoll what is ready."""
            if timeout is not None and timeout > 0:
                select.select([self.fileno()], [], [], timeout)
                timeout = 0
            ready = super().select(timeout)
            self.woke = time.monotonic()
            return ready
else:
    class _Selector(selectors.DefaultSelector):
        woke = 0.0

        def select(self, timeout: float | None = None) -> Ready:
            """The selectors of other systems count in less than milliseconds themselves."""
            ready = super().select(timeout)
            self.woke = time.monotonic()
            return ready
