"""Latency: answers come later, by a fixed time and a random part of it.

A delay line and not a serial wait: each piece of an answer is due its own latency after it came in, so a thousand
answers in flight are all late by the same time, as on a long wire. Order is kept: with jitter a piece never overtakes
another of its connection, as TCP would not let it.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from labkit.faults.clock import Timer
from labkit.faults.fault import require, require_number
from labkit.faults.network import NetworkFault, Stage
from labkit.faults.pipe import Backlog, Chunk
from labkit.language import Text

if TYPE_CHECKING:
    from labkit.faults.connection import Connection

__all__ = ["Latency"]

_SECONDS = Text("seconds", "秒數")


@dataclass(frozen=True)
class Latency(NetworkFault):
    """Hold what flows from the upstream to the client for ``seconds`` ± ``jitter`` (uniform, drawn from ``seed``).

    It applies to what comes in from the moment of injection, on open connections too. When it is lifted, whatever is
    still held goes on at once. A connection holds at most 1 MiB, so its throughput is at most 1 MiB / ``seconds``: a
    window divided by the round trip, as in TCP.
    """

    seconds: float
    jitter: float = 0.0
    seed: int = 0
    name: ClassVar[str] = "latency"

    def __post_init__(self) -> None:
        require_number("seconds", self.seconds, _SECONDS)
        require_number("jitter", self.jitter, _SECONDS)
        require(self.jitter <= self.seconds,
                Text("jitter ({jitter:g} s) is larger than the latency ({seconds:g} s), so some answers would have to "
                     "come before they were sent: give jitter={seconds:g} or less.",
                     "jitter（{jitter:g} 秒）比延遲（{seconds:g} 秒）還大，有些回應就得在送出之前抵達："
                     "請給 jitter={seconds:g} 以下。").format(jitter=self.jitter, seconds=self.seconds))

    @property
    def label(self) -> Text:
        """Latency and jitter."""
        if self.jitter:
            return Text(f"latency {self.seconds:g} ± {self.jitter:g} s", f"延遲 {self.seconds:g} ± {self.jitter:g} 秒")
        return Text(f"latency {self.seconds:g} s", f"延遲 {self.seconds:g} 秒")

    def behaviour(self) -> Callable[[Connection], Stage]:
        """A delay line for each connection; all draw their jitter from one stream."""
        return partial(_DelayLine, fault=self, draw=random.Random(self.seed))


class _DelayLine(Stage):
    """Keeps each piece of an answer until it is due."""

    def __init__(self, connection: Connection, fault: Latency, draw: random.Random) -> None:
        super().__init__(connection)
        self._fault, self._draw = fault, draw
        self._held = Backlog(connection.answers)
        self._due: deque[float] = deque()
        self._timer: Timer | None = None

    def answer(self, chunk: Chunk) -> None:
        due = self.connection.clock.time() + self._fault.seconds + self._draw.uniform(-1, 1) * self._fault.jitter
        self._due.append(max(due, self._due[-1]) if self._due else due)
        self._held.add(chunk)
        if self._timer is None:
            self._wait()

    def _wait(self) -> None:
        self._timer = self.connection.clock.call_at(self._due[0], self._pass_due) if self._due else None

    def _pass_due(self) -> None:
        now = self.connection.clock.time()
        while self._due and self._due[0] <= now:
            self._due.popleft()
            self.pass_answer(self._held.take())
        self._wait()

    def end(self) -> None:
        self._stop()
        self._held.release(self.pass_answer)

    def close(self) -> None:
        self._stop()
        self._held.clear()

    def _stop(self) -> None:
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
