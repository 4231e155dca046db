"""Virtual time for the patterns' tests: a clock that moves only when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable

__all__ = ["Clock", "Intruder"]


class Clock:
    """Call it for the time in seconds; `sleep` moves it on and keeps note."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """What a sleeping caller lives through."""
        self.slept.append(seconds)
        self.now += seconds


class Intruder(Clock):
    """A clock that, when it is read, sends a second thread in to do the same: a lock must keep it waiting outside."""

    def __init__(self) -> None:
        super().__init__()
        self.got_in: list[bool] = []
        self.work: Callable[[], object] | None = None

    def __call__(self) -> float:
        work, self.work = self.work, None
        if work:
            second = threading.Thread(target=work, daemon=True)
            second.start()
            second.join(0.05)  # the only wait in real time: a thread that is locked out can only be waited for
            self.got_in.append(not second.is_alive())
        return self.now
