"""Bandwidth: answers leave no faster than so many bytes a second.

The fault is a narrow link, so all connections it covers share it: they take turns, a small piece each (round robin),
and a large answer does not keep a small one waiting until its end. A piece leaves when its last byte would have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from labkit.faults.clock import Clock
from labkit.faults.fault import require, require_number
from labkit.faults.network import NetworkFault, Stage
from labkit.faults.pipe import Backlog, Chunk
from labkit.language import Text

if TYPE_CHECKING:
    from labkit.faults.connection import Connection

__all__ = ["Bandwidth"]

_LARGEST_PIECE = 16384  # bytes
_PIECE_SECONDS = 0.01  # a piece takes the link this long, so that turns are short


@dataclass(frozen=True)
class Bandwidth(NetworkFault):
    """Let ``bytes_per_second`` through from the upstream to the client, over all connections that the fault covers.

    When it is lifted, whatever still waits goes on at once.
    """

    bytes_per_second: float
    name: ClassVar[str] = "bandwidth"

    def __post_init__(self) -> None:
        require_number("bytes_per_second", self.bytes_per_second, Text("bytes a second", "每秒位元組"))
        require(self.bytes_per_second > 0,
                Text("bandwidth 0 would let nothing through: use Cut() for that, or give more than 0 bytes a second.",
                     "頻寬 0 等於什麼都過不去：那是 Cut()；否則請給大於 0 的每秒位元組數。"))

    @property
    def label(self) -> Text:
        """Bandwidth in the unit that reads best."""
        rate, unit = self.bytes_per_second, "B/s"
        for larger in ("kB/s", "MB/s", "GB/s"):
            if rate >= 1000:
                rate, unit = rate / 1000, larger
        return Text(f"bandwidth {rate:g} {unit}", f"頻寬 {rate:g} {unit}")

    def behaviour(self) -> Callable[[Connection], Stage]:
        """A queue for each connection, and one link for all."""
        return partial(_Queue, link=_Link(self.bytes_per_second))


class _Link:
    """The capacity that the connections share: sends one piece of each in turn, as fast as the rate allows."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._piece = max(1, min(_LARGEST_PIECE, int(rate * _PIECE_SECONDS)))
        self._turns: deque[_Queue] = deque()
        self._free = 0.0  # when the last byte of the piece being sent leaves
        self._sending = False

    def join(self, queue: _Queue, clock: Clock) -> None:
        """``queue`` has something to send again."""
        self._turns.append(queue)
        if not self._sending:
            self._free = max(self._free, clock.time())
            self._send(clock)

    def leave(self, queue: _Queue) -> None:
        """``queue`` has nothing to send any more."""
        if queue in self._turns:
            self._turns.remove(queue)

    def _send(self, clock: Clock) -> None:
        """Pieces that are through already go on now (a late timer catches up); for the next, wait."""
        self._sending = False
        while self._turns and not self._sending:
            due = self._free + min(self._turns[0].held.next_size(), self._piece) / self._rate
            if due <= clock.time():
                self._pass_piece(due)
            else:
                self._sending = True
                clock.call_at(due, partial(self._send, clock))

    def _pass_piece(self, due: float) -> None:
        self._free = due
        queue = self._turns.popleft()
        queue.pass_answer(queue.held.take(self._piece))
        if queue.held:
            self._turns.append(queue)


class _Queue(Stage):
    """The answers of one connection that wait for their turn on the link."""

    def __init__(self, connection: Connection, link: _Link) -> None:
        super().__init__(connection)
        self._link = link
        self.held = Backlog(connection.answers)

    def answer(self, chunk: Chunk) -> None:
        self.held.add(chunk)
        if len(self.held) == 1:
            self._link.join(self, self.connection.clock)

    def end(self) -> None:
        self._link.leave(self)
        self.held.release(self.pass_answer)

    def close(self) -> None:
        self._link.leave(self)
        self.held.clear()
