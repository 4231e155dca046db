"""A load without sockets and without waiting: an event loop whose clock the test turns, and a server of one line."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from typing import Any

from labkit.load.record import Record, Tags
from labkit.load.requests import Same
from labkit.load.sender import Sender


class VirtualLoop:
    """What the engine needs of an event loop. ``jump`` is a process that got no processor for that long."""

    def __init__(self) -> None:
        self.now = 100.0
        self._calls: list[tuple[float, int, Callable[..., Any], tuple[Any, ...]]] = []
        self._order = itertools.count()

    def time(self) -> float:
        return self.now

    @property
    def woke(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[..., Any], *arguments: Any) -> None:
        heapq.heappush(self._calls, (when, next(self._order), callback, arguments))

    def call_later(self, delay: float, callback: Callable[..., Any], *arguments: Any) -> None:
        self.call_at(self.now + delay, callback, *arguments)

    def call_soon(self, callback: Callable[..., Any], *arguments: Any) -> None:
        self.call_at(self.now, callback, *arguments)

    def jump(self, seconds: float) -> None:
        self.now += seconds

    def run(self, seconds: float) -> None:
        until = self.now + seconds
        while self._calls and self._calls[0][0] <= until:
            when, _, callback, arguments = heapq.heappop(self._calls)
            self.now = max(self.now, when)
            callback(*arguments)
        self.now = max(self.now, until)


class VirtualServer:
    """A pool whose connections answer after ``service_time(second)``; None is never, a negative number an outcome."""

    def __init__(self, loop: VirtualLoop, service_time: Callable[[float], float | None] = lambda at: 0.01) -> None:
        self.loop, self.service_time = loop, service_time
        self.asked: list[float] = []
        self.hung_up: list[float] = []
        self.fresh_ones = 0
        self.full = False

    def take(self) -> VirtualConnection:
        if self.full:
            raise OSError("no more")
        return VirtualConnection(self)

    def fresh(self) -> VirtualConnection:
        self.fresh_ones += 1
        return self.take()


class VirtualConnection:
    def __init__(self, server: VirtualServer) -> None:
        self.server, self.open = server, True

    def ask(self, request: bytes, owner: Any, number: int, head_only: bool = False) -> None:
        loop = self.server.loop
        self.server.asked.append(loop.time())
        takes = self.server.service_time(loop.time())
        if takes is not None and takes < 0:
            loop.call_soon(owner.failed, number, int(takes))
        elif takes is not None:
            loop.call_later(takes, self._answer, owner, number)

    def _answer(self, owner: Any, number: int) -> None:
        if self.open:
            owner.answered(number, 200, b"full", b"")

    def close(self) -> None:
        self.open = False
        self.server.hung_up.append(self.server.loop.time())


def sender(server: VirtualServer, timeout: float = 0.5) -> Sender:
    return Sender(server, Same(b"GET /"), timeout, Record(Tags()))  # type: ignore[arg-type]  # a stand-in for the pool
