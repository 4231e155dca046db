"""A server for the load engine to be tried against: static, quick, and misbehaving on request.

Run as ``tests.support.static_server:main`` with a listening socket. What a path does is in ``_Exchange``.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections import Counter
from collections.abc import Callable

__all__ = ["main"]

_HEAD = b"HTTP/1.1 %d X\r\nX-Answer: full\r\nContent-Length: %d\r\n\r\n"
_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"


class _State:
    """What all connections share: counts of what was seen, and the answers that a stall holds back."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.held: list[Callable[[], None]] | None = None


def main(fds: list[int]) -> None:
    """Serve on the first descriptor until killed."""
    asyncio.run(_serve(socket.socket(fileno=fds[0])))


async def _serve(listener: socket.socket) -> None:
    state = _State()
    server = await asyncio.get_running_loop().create_server(lambda: _Exchange(state), sock=listener, backlog=4096)
    await server.serve_forever()


class _Exchange(asyncio.Protocol):
    """One connection; requests come one after the other and fit in one read."""

    def __init__(self, state: _State) -> None:
        self._state, self._loop = state, asyncio.get_running_loop()
        self._requests, self._owes = 0, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._state.seen["connections"] += 1

    def connection_lost(self, error: Exception | None) -> None:
        self._state.seen["hang-ups"] += self._owes

    def data_received(self, data: bytes) -> None:
        path = data.split(b" ", 2)[1]
        self._requests += 1
        self._owes = True
        what, _, argument = path.decode().strip("/").partition("/")
        self._state.seen[what] += 1
        getattr(self, f"_{what or 'plain'}")(argument)

    # What a path does

    def _plain(self, argument: str) -> None:
        if self._state.held is None:
            self._answer(b"ok")
        else:
            self._state.held.append(lambda: self._answer(b"ok"))

    def _stall(self, seconds: str) -> None:
        """Hold all plain answers back, and then let all go at once; tells from when to when (monotonic)."""
        began, self._state.held = self._loop.time(), []

        def over() -> None:
            ended, held = self._loop.time(), self._state.held or []
            self._state.held = None
            for answer in held:
                answer()
            self._answer(json.dumps([began, ended]).encode())

        self._loop.call_later(float(seconds), over)

    def _seen(self, argument: str) -> None:
        self._answer(json.dumps(self._state.seen).encode())

    def _metrics(self, argument: str) -> None:
        self._answer(b'busy{pool="a"} 2\nbusy{pool="b"} 3\nother 9\n')

    def _status(self, status: str) -> None:
        self._answer(b"", int(status))

    def _slow(self, seconds: str) -> None:
        self._loop.call_later(float(seconds), self._answer, b"late")

    def _never(self, argument: str) -> None:
        """Say nothing."""

    def _chunked(self, argument: str) -> None:
        self._owes = False
        self._transport.write(_CHUNKED)

    def _garbage(self, argument: str) -> None:
        self._transport.write(b"SSH-2.0-OpenSSH_9.2\r\n")

    def _half(self, argument: str) -> None:
        self._transport.write(_HEAD % (200, 100) + b"half")
        self._transport.close()

    def _reset(self, argument: str) -> None:
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _stale(self, argument: str) -> None:
        """Keep the connection alive, and close it on its next request, as a server whose patience has just ended."""
        if self._requests == 1:
            self._answer(b"ok")
        else:
            self._transport.close()

    def _answer(self, body: bytes, status: int = 200) -> None:
        self._owes = False
        self._transport.write(_HEAD % (status, len(body)) + body)
