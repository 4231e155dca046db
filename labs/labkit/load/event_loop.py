"""asyncio's event loop, with timers that fire on time.

Linux's ``epoll_wait`` counts in whole milliseconds, so asyncio sends 0.7 ms late on average. ``select`` counts in
microseconds and can wait for an epoll descriptor: late by 0.1 ms then. (uvloop's timers count in milliseconds, too;
on plain sockets it makes no more requests a second than this.)
"""

from __future__ import annotations

import asyncio
import select
import selectors

__all__ = ["new_event_loop"]


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A loop on the machine's best selector; kqueue is precise by itself."""
    if hasattr(selectors, "EpollSelector"):
        return asyncio.SelectorEventLoop(_PreciseEpoll())
    return asyncio.SelectorEventLoop(selectors.DefaultSelector())


if hasattr(selectors, "EpollSelector"):
    class _PreciseEpoll(selectors.EpollSelector):
        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            """Wait in ``select`` for the epoll descriptor to become readable, then ask epoll what is ready."""
            if timeout is not None and timeout > 0:
                select.select([self.fileno()], [], [], timeout)
                timeout = 0
            return super().select(timeout)
