"""The kernel's end of the fault proxy's control channel: plain calls from any thread."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labkit.errors import Closed
from labkit.faults.fault import Fault, FaultError
from labkit.language import Text

__all__ = ["ProxyControl", "ProxyGoneError", "RouteStats"]

_GONE = Text("The fault proxy does not answer ({problem}), so the links between the services are gone: "
             "start a new Lab().",
             "故障代理沒有回應（{problem}），服務之間的連線都沒了。請重新建立 Lab()。")


class ProxyGoneError(ConnectionError):
    """The proxy does not answer any more; all faults that it did, and all links through it, are gone with it."""


@dataclass(frozen=True)
class RouteStats:
    """What ran through one route: connections so far, in all and by upstream, and open now; bytes in each direction."""

    upstreams: tuple[str, ...]
    connections: int
    open: int
    by_upstream: dict[str, int]
    bytes_up: int
    bytes_down: int


class ProxyControl:
    """Asks the proxy at the other end of ``sock``; one command at a time, from any thread.

    A mistake in a command raises :class:`~labkit.faults.fault.FaultError` with a sentence; a proxy that is gone, or
    that does not answer within ``timeout`` seconds, raises :class:`ProxyGoneError`; after :meth:`close`,
    :class:`~labkit.errors.Closed`.
    """

    def __init__(self, sock: socket.socket, timeout: float = 10.0) -> None:
        sock.settimeout(timeout)
        self._sock = sock
        self._lock = threading.Lock()
        self._received = b""
        self._number = 0
        self._closed = False

    def route(self, name: str, upstreams: Sequence[str]) -> int:
        """Open a route to ``upstreams`` ("host:port"), which take new connections in turn; gives its loopback port."""
        return int(self._ask("route", name=name, upstreams=list(upstreams))["port"])

    def upstreams(self, name: str, upstreams: Sequence[str]) -> None:
        """Replace a route's upstreams; connections to those taken out end when no answer is owed."""
        self._ask("upstreams", name=name, upstreams=list(upstreams))

    def unroute(self, name: str) -> None:
        """Close a route and reset its connections."""
        self._ask("unroute", name=name)

    def fault(self, fault: Fault, route: str | None = None, upstream: str | None = None,
              seconds: float | None = None) -> int:
        """Put ``fault`` in place on a route, on an upstream, on both, or on all; gives the number to lift it by.

        ``seconds`` is a lease: the proxy lifts the fault itself after that time.
        """
        answer = self._ask("fault", fault=fault.name, settings=fault.settings(), route=route, upstream=upstream,
                           seconds=seconds)
        return int(answer["fault"])

    def lift(self, fault: int) -> None:
        """Take the fault with this number out; nothing happens when it is out already."""
        self._ask("lift", fault=fault)

    def stats(self) -> dict[str, RouteStats]:
        """What ran through each route."""
        return {name: RouteStats(tuple(route.pop("upstreams")), **route)
                for name, route in self._ask("stats")["routes"].items()}

    def close(self) -> None:
        """End the control channel, and with it the proxy."""
        self._closed = True
        self._sock.close()

    def _ask(self, op: str, **arguments: Any) -> dict[str, Any]:
        with self._lock:
            self._number += 1
            try:
                self._sock.sendall(json.dumps({"id": self._number, "op": op, **arguments}).encode() + b"\n")
                answer = self._answer_to(self._number)
            except OSError as problem:
                raise (Closed() if self._closed else ProxyGoneError(str(_GONE.format(problem=problem)))) from None
        if "error" in answer:
            raise FaultError(Text(**answer["error"]))
        ok: dict[str, Any] = answer["ok"]
        return ok

    def _answer_to(self, number: int) -> dict[str, Any]:
        """The answer with this number; one to a command that was interrupted is passed over."""
        while True:
            answer: dict[str, Any] = json.loads(self._line())
            if answer["id"] == number:
                return answer

    def _line(self) -> bytes:
        while b"\n" not in self._received:
            data = self._sock.recv(65536)
            if not data:
                raise ConnectionResetError("end of the control channel")
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return line
