"""A static server that costs next to nothing, and stands still on demand: what a load generator is tried against."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import cast

__all__ = ["main"]


def _answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/plain\r\n\r\n%b" % (len(body), body)


_OK = _answer(b"ok")


class _Static(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        if b"/stall/" in data[:64]:
            self._transport.write(_answer(_stand_still(int(data.split(b"/stall/")[1].split(b" ")[0]) / 1000)))
        else:
            self._transport.write(_OK * data.count(b"\r\n\r\n"))


def _stand_still(seconds: float) -> bytes:
    """The whole server stands still; for how long it truly did, in seconds, since a busy machine makes it longer."""
    began = time.monotonic()
    time.sleep(seconds)
    return str(time.monotonic() - began).encode()


def main(fds: list[int]) -> None:
    """Serve on the first descriptor; ``GET /stall/200`` stops everybody for 200 ms, and tells for how long."""
    try:
        from uvloop import run
    except ImportError:
        from asyncio import run
    run(_serve(socket.socket(fileno=fds[0])))


async def _serve(listener: socket.socket) -> None:
    server = await asyncio.get_running_loop().create_server(_Static, sock=listener, backlog=4096)
    await server.serve_forever()
