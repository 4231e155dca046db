"""Event-loop lag: how late the loop comes back to a task that asked to be woken.

All of a service's requests pass through one event loop. When something blocks it, or the machine is short of
processors, a task that sleeps 25 ms wakes later than that; by how much is a measure that needs no request to see it. A
stall of t milliseconds is seen as t - 25 at least.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque

__all__ = ["LoopLag"]


class LoopLag:
    """Measures while :meth:`measure` runs as a task."""

    def __init__(self, every: float = 0.025, window: float = 0.5) -> None:
        self._every, self._window = every, window
        self._seen: deque[tuple[float, float]] = deque()  # (when, how late)

    async def measure(self) -> None:
        """Sleep and look at the clock, for ever."""
        while True:
            due = time.monotonic() + self._every
            await asyncio.sleep(self._every)
            now = time.monotonic()
            self._seen.append((now, now - due))
            self._forget(now)

    def largest(self) -> float:
        """The largest lag of the last half second, in seconds."""
        self._forget(time.monotonic())
        return max((late for _, late in self._seen), default=0.0)

    def _forget(self, now: float) -> None:
        while self._seen and self._seen[0][0] < now - self._window:
            self._seen.popleft()
