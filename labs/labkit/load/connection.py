"""Connections to one address, kept alive, as many as the load needs.

Written on the event loop's ``add_reader`` and ``add_writer`` with plain sockets: asyncio's transports and streams cost
two to three times the processor time a request, and opening a connection through them ten times as much, which a
generator notices just when a server stalls and every user needs a connection of its own.
"""

from __future__ import annotations

import errno
import socket
from collections import deque
from typing import Protocol

from labkit.load.event_loop import EngineLoop
from labkit.load.http import Answer, BadAnswer
from labkit.measure.outcome import BAD_ANSWER, REFUSED, RESET

__all__ = ["Budget", "Connection", "Owner", "Pool"]

_READ = 65536
_SPREAD = 8  # connections kept at least: a proxy that spreads connections over instances so spreads the load
_LONGEST_LIFE = 1.0  # seconds; then a new one is opened, so that instances that came later get their share
_NO_MORE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAGAIN})


class Owner(Protocol):
    """Who asked. Each request, known by its number, ends with exactly one of these calls."""

    def answered(self, number: int, status: int, tag: bytes, body: bytes) -> None:
        """A whole answer came."""

    def failed(self, number: int, outcome: int) -> None:
        """No answer came; ``outcome`` is a code of :mod:`labkit.measure.outcome`."""

    def stale(self, number: int) -> None:
        """A connection used before was closed ere a byte of the answer came: ask again on a fresh one."""


class Budget:
    """How many connections the whole engine may still open."""

    def __init__(self, most: int) -> None:
        self.left = most


class Pool:
    """The connections to one address ("host", port); an idle one is used again, the longest idle first."""

    def __init__(self, loop: EngineLoop, address: tuple[str, int], budget: Budget,
                 tag_header: str | None = None, keep_body: bool = False) -> None:
        self.loop, self.address, self.budget = loop, address, budget
        self.tag_header, self.keep_body = tag_header, keep_body
        self.idle: deque[Connection] = deque()
        self.open = 0

    def take(self) -> Connection:
        """A connection for one request. ``OSError`` when no more can be opened."""
        idle = self.idle
        while idle and self.open >= _SPREAD:
            connection = idle.popleft()
            if connection.open:
                return connection
        return self.fresh()

    def fresh(self) -> Connection:
        """A connection that carried no request yet. ``OSError`` when no more can be opened."""
        if self.budget.left <= 0:
            raise OSError(errno.EMFILE, "the engine's cap on connections")
        return Connection(self)


class Connection:
    """One socket, and the one request that it carries at a time."""

    __slots__ = ("_answer", "_connected", "_error", "_fd", "_heard", "_number", "_owner", "_pool", "_retire", "_served",
                 "_sock", "_unsent", "open")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._sock = socket.socket(socket.AF_INET6 if ":" in pool.address[0] else socket.AF_INET)
        self._sock.setblocking(False)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._fd = self._sock.fileno()
        self._error = self._sock.connect_ex(pool.address)
        if self._error in _NO_MORE:
            self._sock.close()
            raise OSError(self._error, errno.errorcode[self._error])
        pool.open += 1
        pool.budget.left -= 1
        self.open = True
        self._retire = pool.loop.time() + _LONGEST_LIFE
        self._answer = Answer(pool.tag_header, pool.keep_body)
        self._owner: Owner | None = None
        self._number = 0
        self._unsent = b""
        self._connected = self._served = self._heard = False

    def ask(self, request: bytes, owner: Owner, number: int, head_only: bool = False) -> None:
        """Send ``request``. What comes of it is told to ``owner``, never before this returns."""
        self._owner, self._number, self._heard = owner, number, False
        self._answer.begin(head_only)
        if self._connected:
            self._send(request)
        elif self._error in (0, errno.EINPROGRESS):
            self._unsent = request
            self._pool.loop.add_writer(self._fd, self._writable)
        else:
            self._pool.loop.call_soon(self._fail, REFUSED)

    def close(self) -> None:
        """Hang up, and tell nobody: the owner has given up."""
        if self.open:
            self.open = False
            self._owner = None
            self._pool.loop.remove_reader(self._fd)
            self._pool.loop.remove_writer(self._fd)
            self._sock.close()
            self._pool.open -= 1
            self._pool.budget.left += 1

    def _writable(self) -> None:
        self._pool.loop.remove_writer(self._fd)
        if not self._connected:
            if self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self._fail(REFUSED)
                return
            self._connected = True
            self._pool.loop.add_reader(self._fd, self._readable)
        self._send(self._unsent)

    def _send(self, data: bytes) -> None:
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._pool.loop.call_soon(self._lost, False)
            return
        if sent < len(data):
            self._unsent = data[sent:]
            self._pool.loop.add_writer(self._fd, self._writable)

    def _readable(self) -> None:
        try:
            data = self._sock.recv(_READ)
        except BlockingIOError:
            return
        except OSError:
            self._lost(whole=False)
            return
        if not data or self._owner is None:  # closed, or speaking without being asked
            self._lost(whole=self._answer.end())
            return
        self._heard = True
        try:
            if self._answer.feed(data):
                self._done()
        except BadAnswer:
            self._fail(BAD_ANSWER)

    def _done(self) -> None:
        owner, answer, loop = self._owner, self._answer, self._pool.loop
        assert owner is not None
        self._owner, self._served = None, True
        if answer.reusable and loop.time() < self._retire:
            self._pool.idle.append(self)
        else:
            self.close()
        owner.answered(self._number, answer.status, answer.tag, answer.body)

    def _lost(self, whole: bool) -> None:
        """The server hung up; ``whole`` when that is how this answer ends."""
        owner, number = self._owner, self._number
        if owner is not None and whole:
            self._done()
        elif owner is not None and self._served and not self._heard:
            self.close()
            owner.stale(number)
        else:
            self._fail(RESET)

    def _fail(self, outcome: int) -> None:
        owner, number = self._owner, self._number
        self.close()
        if owner is not None:
            owner.failed(number, outcome)
