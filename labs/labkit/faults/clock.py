"""The proxy's clock: monotonic seconds and timers, as an argument, so that tests turn it and none sleeps."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from typing import Protocol

__all__ = ["Clock", "LoopClock", "Timer"]


class Timer(Protocol):
    """Something that will happen later: a call, a connection."""

    def cancel(self) -> object:
        """Forget it."""


class Clock(Protocol):
    """Time now, and calls later."""

    def time(self) -> float:
        """Monotonic seconds."""

    def call_at(self, due: float, callback: Callable[[], None]) -> Timer:
        """Call ``callback`` at ``due``, never earlier."""


class LoopClock:
    """The clock of a running event loop.

    An event loop's timers count in whole milliseconds and may fire a little early; here the delay is rounded up, so
    that a latency of 200 ms is never 199.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def time(self) -> float:
        """Seconds of ``time.monotonic``: the one time base of all processes of a machine."""
        return time.monotonic()

    def call_at(self, due: float, callback: Callable[[], None]) -> Timer:
        """Call ``callback`` at ``due``, up to a millisecond later."""
        return self._loop.call_later(max(0.0, math.ceil((due - time.monotonic()) * 1000) / 1000), callback)
