"""One route of the proxy: a port that clients connect to, and the upstreams behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from labkit.faults.clock import Clock
from labkit.faults.connection import Connection
from labkit.faults.fault import require
from labkit.faults.side import Side
from labkit.language import Text

__all__ = ["Route", "split_address"]

_BACKLOG = 1024  # connections that the kernel keeps until they are accepted


class Route:
    """Spreads new connections over the upstreams in turn (round robin).

    A connection keeps its upstream. One that refuses is not passed over in silence: the client gets a reset, and
    whether to try again is for him to decide; a retry that nobody sees would falsify what the labs measure.
    """

    def __init__(self, name: str, upstreams: Sequence[str], clock: Clock, host: str,
                 prepare: Callable[[Connection], None]) -> None:
        self.name, self.upstreams = name, list(upstreams)
        self.connections: set[Connection] = set()
        self._clock, self._host, self._prepare = clock, host, prepare
        self._server: asyncio.Server | None = None
        self._turn = self._accepted = self._up = self._down = 0
        self._by_upstream: dict[str, int] = {}

    async def open(self) -> int:
        """Listen on a free port; gives it."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self.accept, self._host, 0, backlog=_BACKLOG)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def accept(self) -> Side:
        """A client connects: choose its upstream."""
        address = self.upstreams[self._turn % len(self.upstreams)] if self.upstreams else ""
        self._turn += 1
        self._accepted += 1
        self._by_upstream[address] = self._by_upstream.get(address, 0) + 1
        connection = Connection(address, lambda side, refused: asyncio.ensure_future(_dial(address, side, refused)),
                                self._clock, prepare=self._prepare, ended=self._ended)
        self.connections.add(connection)
        return connection.client

    def replace(self, upstreams: Sequence[str]) -> None:
        """From now on these upstreams; connections to others end as soon as no answer is owed."""
        self.upstreams = list(upstreams)
        for connection in list(self.connections):
            if connection.upstream_address not in self.upstreams:
                connection.leave()

    def close(self) -> None:
        """Stop listening, reset all connections."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            connection.reset()

    def stats(self) -> dict[str, Any]:
        """Connections so far, in all and by upstream, and open now; bytes up (requests) and down (answers)."""
        return {"upstreams": self.upstreams, "connections": self._accepted, "open": len(self.connections),
                "by_upstream": self._by_upstream,
                "bytes_up": self._up + sum(c.requests.total for c in self.connections),
                "bytes_down": self._down + sum(c.answers.total for c in self.connections)}

    def _ended(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
            self._up += connection.requests.total
            self._down += connection.answers.total


async def _dial(address: str, side: Side, refused: Callable[[], None]) -> None:
    """Connect ``side``; a route without upstreams refuses, and so does one to an instance that is gone."""
    try:
        if not address:
            raise ConnectionRefusedError("there is nobody")
        await asyncio.get_running_loop().create_connection(lambda: side, *split_address(address))
    except OSError:
        refused()


def split_address(address: str) -> tuple[str, int]:
    """"127.0.0.1:4001" as host and port."""
    host, _, port = address.rpartition(":") if isinstance(address, str) else ("", "", "")
    require(bool(host) and port.isdigit() and 0 < int(port) < 65536,
            Text('"{address}" is not an address: give host:port, for example "127.0.0.1:4001".',
                 "「{address}」不是位址：請寫成 host:port，例如「127.0.0.1:4001」。").format(address=address))
    return host, int(port)
