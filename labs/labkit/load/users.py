"""Who sends: users who come whenever they come (open loop), or a fixed number who each wait for an answer (closed)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from labkit.load.sender import Sender

__all__ = ["ClosedLoop", "OpenLoop"]

_GRAIN = 0.0005  # seconds: at high rates requests leave several at a time, or each would cost a wake-up of its own
_BATCH = 32  # sends in one turn of the loop at most: a generator that is behind must still read the answers


class OpenLoop:
    """Sends at ``times`` (seconds since second 0, ascending), whatever became of the requests before.

    When the process itself falls behind it sends at once what is due; the record then shows how late.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, sender: Sender, times: Iterator[float]) -> None:
        self.sender = sender
        self._loop, self._times = loop, times
        self._next: float | None = None
        self._zero = 0.0

    def begin(self, zero: float) -> None:
        """Start at second 0, which is at ``zero`` on the loop's clock."""
        self._zero = zero
        self.sender.begin(zero)
        self._next = next(self._times, None)
        self._send_due()

    @property
    def over(self) -> bool:
        """Whether all is sent and nothing under way."""
        return self._next is None and not self.sender.waiting

    def _send_due(self) -> None:
        for _ in range(_BATCH):
            at = self._next
            if at is None:
                return
            now = self._loop.time()
            if self._zero + at > now:
                self._loop.call_at(max(self._zero + at, now + _GRAIN), self._send_due)
                return
            self._next = next(self._times, None)
            self.sender.send(at)
        self._loop.call_soon(self._send_due)


class ClosedLoop:
    """Users who each send, wait for the outcome, think for ``think`` seconds, and send again, for ``seconds``.

    A slow server is sent less: that is what a closed loop does, and why it hides a stall.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, sender: Sender, firsts: Sequence[float], think: float,
                 seconds: float) -> None:
        self.sender = sender
        self._loop, self._firsts, self._think, self._seconds = loop, firsts, think, seconds
        self._zero = 0.0
        self._active = 0

    def begin(self, zero: float) -> None:
        """Start at second 0, which is at ``zero`` on the loop's clock."""
        self._zero = zero
        self.sender.begin(zero)
        self.sender.after = self._think_then_send
        for at in self._firsts:
            self._plan(at)

    @property
    def over(self) -> bool:
        """Whether every user is done."""
        return self._active == 0

    def _plan(self, at: float) -> None:
        if at < self._seconds:
            self._active += 1
            self._loop.call_at(self._zero + at, self.sender.send, at)

    def _think_then_send(self) -> None:
        self._active -= 1
        self._plan(self.sender.now() + self._think)
