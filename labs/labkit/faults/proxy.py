"""The fault proxy: one process that all links of a lab run through, and where faults of the network are done.

::

    orders-1 --> 127.0.0.1:40001  route "stock"  --> 127.0.0.1:4001  stock-1
                                                 --> 127.0.0.1:4002  stock-2

A fault covers a route, an upstream, or both. All faults end with the process, and the process with its control channel,
so that no fault outlives the lab that injected it; one with a lease lifts itself before. After Shopify's Toxiproxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import resource
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from labkit.faults.clock import Clock, LoopClock, Timer
from labkit.faults.commands import Commands
from labkit.faults.connection import Connection
from labkit.faults.fault import Fault, FaultError, require, require_number, unknown
from labkit.faults.network import NetworkFault, Stage
from labkit.faults.route import Route, split_address
from labkit.language import Text

__all__ = ["Proxy", "main"]

_LINE_LIMIT = 1 << 20  # bytes of one command


@dataclass
class _Injected:
    """A fault in place, and what it covers; None covers all."""

    fault: NetworkFault
    make: Callable[[Connection], Stage]
    route: str | None
    upstream: str | None
    lease: Timer | None = None

    def covers(self, route: Route, connection: Connection) -> bool:
        return self.route in (None, route.name) and self.upstream in (None, connection.upstream_address)


class Proxy:
    """The routes, and the faults in place on them. Commands call its methods, from the event loop's thread."""

    def __init__(self, clock: Clock, host: str = "127.0.0.1") -> None:
        self._clock, self._host = clock, host
        self._routes: dict[str, Route] = {}
        self._injected: dict[int, _Injected] = {}  # in order of injection
        self._numbers = itertools.count(1)

    async def route(self, name: str, upstreams: Sequence[str]) -> int:
        """Open a route; gives its port."""
        require(name not in self._routes,
                Text('There is a route "{name}" already: change its upstreams, or choose another name.',
                     "已經有路由「{name}」：請改它的上游，或換個名字。").format(name=name))
        _check(upstreams)
        route = Route(name, upstreams, self._clock, self._host, lambda connection: self._attach_all(route, connection))
        port = await route.open()
        self._routes[name] = route
        return port

    def upstreams(self, name: str, upstreams: Sequence[str]) -> None:
        """Replace the upstreams of a route."""
        _check(upstreams)
        self._route(name).replace(upstreams)

    def unroute(self, name: str) -> None:
        """Close a route, with its connections and the faults that cover only it."""
        self._route(name).close()
        del self._routes[name]
        for number in [number for number, injected in self._injected.items() if injected.route == name]:
            self.lift(number)

    def inject(self, fault: Fault, route: str | None, upstream: str | None, seconds: float | None) -> int:
        """Put a fault in place, on open connections and new ones, for ``seconds`` or until lifted; gives its number."""
        if not isinstance(fault, NetworkFault):
            raise FaultError(Text("{fault} is a fault of a process, not of the network: inject it into an instance.",
                                  "「{fault}」是進程的故障，不是網路的：請對實例注入。").format(fault=fault.label))
        self._check_scope(route, upstream)
        if seconds is not None:
            require_number("seconds", seconds, Text("seconds", "秒數"))
        number = next(self._numbers)
        injected = self._injected[number] = _Injected(fault, fault.behaviour(), route, upstream)
        if seconds is not None:
            injected.lease = self._clock.call_at(self._clock.time() + seconds, lambda: self._expire(number))
        for on, connection in self._connections():
            if injected.covers(on, connection):
                connection.attach(number, injected.make, new=False)
        return number

    def lift(self, number: int) -> bool:
        """Take a fault out; False when it is out already."""
        injected = self._injected.pop(number, None)
        if injected is None:
            return False
        if injected.lease is not None:
            injected.lease.cancel()
        for _, connection in self._connections():
            connection.detach(number)
        return True

    def stats(self) -> dict[str, Any]:
        """Each route's connections and bytes; each fault in place."""
        faults = {str(number): {"fault": injected.fault.name, "route": injected.route, "upstream": injected.upstream}
                  for number, injected in self._injected.items()}
        return {"routes": {name: route.stats() for name, route in self._routes.items()}, "faults": faults}

    def _expire(self, number: int) -> None:
        self.lift(number)

    def _route(self, name: str) -> Route:
        require(name in self._routes, unknown(Text("route", "路由"), name, self._routes))
        return self._routes[name]

    def _check_scope(self, route: str | None, upstream: str | None) -> None:
        """A fault on something that is not there would do nothing, and a fault that does nothing is a lie."""
        routes = [self._route(route)] if route is not None else list(self._routes.values())
        known = {address for route in routes for address in route.upstreams}
        if upstream is not None:
            require(upstream in known, unknown(Text("upstream", "上游"), upstream, known))

    def _connections(self) -> list[tuple[Route, Connection]]:
        return [(route, connection) for route in self._routes.values() for connection in list(route.connections)]

    def _attach_all(self, route: Route, connection: Connection) -> None:
        for number, injected in self._injected.items():
            if injected.covers(route, connection):
                connection.attach(number, injected.make, new=True)


def _check(upstreams: Sequence[str]) -> None:
    for address in upstreams:
        if address:  # an empty one stands for an instance that is gone
            split_address(address)


async def _serve(control: socket.socket, host: str) -> None:
    unix = control.family == getattr(socket, "AF_UNIX", None)
    connect = asyncio.open_unix_connection if unix else asyncio.open_connection
    reader, writer = await connect(sock=control, limit=_LINE_LIMIT)
    await Commands(Proxy(LoopClock(asyncio.get_running_loop()), host)).serve(reader, writer)


def _allow_many_files() -> None:
    """Each connection takes two descriptors, and a cut keeps them; the usual soft limit is 1,024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS names no limit that it would grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _new_loop() -> asyncio.AbstractEventLoop:
    """uvloop where it is installed, which is a little faster; else the standard library's."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def main(fds: list[int], host: str = "127.0.0.1") -> None:
    """Serve the control channel on descriptor ``fds[0]``, a connected stream socket, until it ends.

    Routes listen on ``host``.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt of the notebook must not take the links down
    _allow_many_files()
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(_serve(socket.socket(fileno=fds[0]), host))
