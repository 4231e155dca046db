"""Pass connections on as they are: the door between two network stacks, neither of which reaches the other."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

__all__ = ["relay", "split"]

_CHUNK = 1 << 16  # bytes
_AT_ONCE = struct.pack("ii", 1, 0)  # close with a reset (socket(7), SO_LINGER)


def split(address: str) -> tuple[str, int]:
    """The host and the port of "host:port"."""
    host, _, port = address.rpartition(":")
    return host, int(port)


async def relay(listener: socket.socket, target: str, make: Callable[[], Awaitable[socket.socket]]) -> None:
    """Pass what comes to ``listener`` on to ``target`` ("host:port"), through sockets that ``make`` makes, until cancelled.

    A socket belongs to the network stack in which it was made. Who cannot be passed on is reset, not left waiting.
    """
    async def passes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there = await _connected(await make(), target)
        except OSError:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            writer.transport.abort()
        else:
            await _pass_both(reader, writer, *await asyncio.open_connection(sock=there))

    async with await asyncio.start_server(passes, sock=listener) as server:
        await server.serve_forever()


async def _connected(sock: socket.socket, target: str) -> socket.socket:
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, split(target))
    except BaseException:
        sock.close()
        raise
    return sock


async def _pass_both(reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
                     reader_there: asyncio.StreamReader, writer_there: asyncio.StreamWriter) -> None:
    """Until both ends have said all; the first error ends both at once."""
    try:
        async with asyncio.TaskGroup() as ways:
            ways.create_task(_pass(reader, writer_there))
            ways.create_task(_pass(reader_there, writer))
    except* OSError:
        writer.transport.abort()
        writer_there.transport.abort()
    finally:
        writer_there.close()
        writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    writer.write_eof()
