"""A static server that costs next to nothing, and stands still on demand: what a load generator is tried against."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import cast

__all__ = ["main"]

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"


class _Static(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        if b"/stall/" in data[:64]:
            time.sleep(int(data.split(b"/stall/")[1].split(b" ")[0]) / 1000)  # the whole server stands still
        self._transport.write(_ANSWER * data.count(b"\r\n\r\n"))


def main(fds: list[int]) -> None:
    """Serve on the first descriptor; ``GET /stall/200`` stops everybody for 200 ms."""
    try:
        from uvloop import run
    except ImportError:
        from asyncio import run
    run(_serve(socket.socket(fileno=fds[0])))


async def _serve(listener: socket.socket) -> None:
    server = await asyncio.get_running_loop().create_server(_Static, sock=listener, backlog=4096)
    await server.serve_forever()
