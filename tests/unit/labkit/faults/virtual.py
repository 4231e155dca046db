"""A clock that is turned by hand, and a proxied connection whose sockets are lists: no test waits or opens a port."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from typing import Any

from labkit.faults.connection import Connection
from labkit.faults.network import NetworkFault
from labkit.faults.side import Side


class Timer:
    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due, self.callback = due, callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class VirtualClock:
    def __init__(self) -> None:
        self.now = 1000.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, due: float, callback: Callable[[], None]) -> Timer:
        self.timers.append(Timer(due, callback))
        return self.timers[-1]

    def waiting(self) -> list[Timer]:
        return sorted((timer for timer in self.timers if not timer.cancelled), key=lambda timer: timer.due)

    def advance(self, seconds: float) -> None:
        """Turn the clock on, and do on the way what is due."""
        end = self.now + seconds
        while self.waiting() and self.waiting()[0].due <= end + 1e-9:
            timer = self.waiting()[0]
            self.timers.remove(timer)
            self.now = max(self.now, timer.due)
            timer.callback()
        self.now = end


class FakeSocket(asyncio.Transport):
    """A transport that keeps what is sent, with the time; ``ended`` says how it was closed."""

    def __init__(self, clock: VirtualClock, side: Side) -> None:
        super().__init__()
        self.clock, self.side = clock, side
        self.sent: list[tuple[float, bytes]] = []
        self.finished = False
        self.ended = ""
        self.reading = True
        self.peer_gone = False
        self.options: list[tuple[Any, ...]] = []

    @property
    def data(self) -> bytes:
        return b"".join(data for _, data in self.sent)

    def is_closing(self) -> bool:
        return bool(self.ended)

    def write(self, data: Any) -> None:
        assert not self.finished, "write after FIN"
        self.sent.append((self.clock.now, data))

    def write_eof(self) -> None:
        assert not self.finished, "two FINs"
        if self.peer_gone:
            raise OSError(errno.ENOTCONN, "not connected")
        self.finished = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self

    def setsockopt(self, *option: Any) -> None:
        self.options.append(option)

    def close(self) -> None:
        self._end("closed")

    def abort(self) -> None:
        self._end("reset" if self.options else "aborted")

    def _end(self, how: str) -> None:
        if not self.ended:
            self.ended = how
            self.side.connection_lost(None)

    def break_off(self) -> None:
        """The other end resets the connection."""
        self.ended = "lost"
        self.side.connection_lost(ConnectionResetError())


class Wire:
    """One connection through the proxy; ``client`` and ``upstream`` are the proxy's sockets to them."""

    upstream: FakeSocket

    def __init__(self, clock: VirtualClock | None = None, *faults: NetworkFault, accept: bool = True,
                 connect: bool = True) -> None:
        self.clock = clock or VirtualClock()
        self.dials = 0
        self.over = False
        self._connect, self._numbers = connect, iter(range(1, 100))
        self.refuse: Callable[[], None] = lambda: None
        self._faults = faults
        self.connection = Connection("127.0.0.1:4001", self._dial, self.clock, prepare=self._prepare, ended=self._ended)
        self.client = FakeSocket(self.clock, self.connection.client)
        if accept:
            self.accept()

    def accept(self) -> None:
        """The client's socket is there."""
        self.connection.client.connection_made(self.client)

    def inject(self, fault: NetworkFault) -> int:
        number = next(self._numbers)
        self.connection.attach(number, fault.behaviour(), new=False)
        return number

    def lift(self, number: int) -> None:
        self.connection.detach(number)

    def ask(self, data: bytes = b"GET / HTTP/1.1\r\n\r\n") -> None:
        """The client sends."""
        self.connection.client.data_received(data)

    def answer(self, data: bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok") -> None:
        """The upstream sends."""
        self.connection.upstream.data_received(data)

    def connected(self) -> None:
        """The upstream accepts."""
        self.upstream = FakeSocket(self.clock, self.connection.upstream)
        self.connection.upstream.connection_made(self.upstream)

    def _prepare(self, connection: Connection) -> None:
        for fault in self._faults:
            connection.attach(next(self._numbers), fault.behaviour(), new=True)

    def _dial(self, side: Side, refused: Callable[[], None]) -> Timer:
        self.dials += 1
        self.refuse = refused
        if self._connect:
            self.connected()
        return Timer(0, lambda: None)

    def _ended(self, connection: Connection) -> None:
        self.over = True
