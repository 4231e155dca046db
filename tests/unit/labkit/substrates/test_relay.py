from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

import pytest

from labkit.substrates.relay import relay, split

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _make() -> socket.socket:
    return socket.socket()


@contextlib.asynccontextmanager
async def _door(target: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a relay that leads to ``target``."""
    listener = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(relay(listener, target, _make))
    try:
        yield await asyncio.open_connection(*listener.getsockname())
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@contextlib.asynccontextmanager
async def _server(answer: Answer) -> AsyncIterator[str]:
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"{host}:{port}"


def _run(test: Callable[[], Coroutine[None, None, None]]) -> Callable[[], None]:
    """The test, in a loop of its own."""
    return lambda: asyncio.run(test())


def test_an_address_is_split_at_its_last_colon() -> None:
    assert split("10.77.0.1:8080") == ("10.77.0.1", 8080)


@_run
async def test_all_passes_both_ways_and_each_end_hears_that_the_other_has_said_all() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(-1))  # only when the caller has said all
        writer.close()

    message = bytes(range(256)) * 4096
    async with _server(echo) as target, _door(target) as (reader, writer):
        writer.write(message)
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(-1), 10) == message


@_run
async def test_where_nobody_is_the_caller_is_reset_and_not_left_waiting() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        async with _door(f"127.0.0.1:{nobody.getsockname()[1]}") as (reader, _):
            with pytest.raises(ConnectionResetError):
                await asyncio.wait_for(reader.read(-1), 10)


@_run
async def test_when_one_end_breaks_off_the_other_hears_of_it() -> None:
    heard = asyncio.Event()

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read(-1)
        heard.set()
        writer.close()

    async with _server(wait) as target, _door(target) as (_, writer):
        writer.write(b"half a")
        await writer.drain()
        writer.transport.abort()
        await asyncio.wait_for(heard.wait(), 10)
