"""Event-loop lag: how late the loop comes back to a task that asked to be woken.

All of a service's requests pass through one event loop. When something blocks it, or the machine is short of
processors, a task that sleeps 25 ms wakes later than that; by how much is a measure that needs no request to see it. A
stall of t milliseconds is seen as t - 25 at least.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

__all__ = ["LoopLag"]


class LoopLag:
    """Measures while :meth:`measure` runs as a task."""

    def __init__(
        self,
        every: float = 0.025,
        window: float = 0.5,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._every, self._window, self._clock, self._sleep = every, window, clock, sleep
        self._seen: deque[tuple[float, float]] = deque()  # (when, how late)

    async def measure(self) -> None:
        """Sleep and look at the clock, for ever."""
        while True:
            due = self._clock() + self._every
            await self._sleep(self._every)
            now = self._clock()
            self._seen.append((now, now - due))
            self._forget(now)

    def largest(self) -> float:
        """The largest lag of the last half second, in seconds."""
        self._forget(self._clock())
        return max((late for _, late in self._seen), default=0.0)

    def _forget(self, now: float) -> None:
        while self._seen and self._seen[0][0] < now - self._window:
            self._seen.popleft()
