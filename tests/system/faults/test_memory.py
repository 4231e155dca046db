"""The proxy's memory stays bounded: whoever sends faster than the other side reads has to wait."""

from __future__ import annotations

import contextlib
import socket
import socketserver
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from labkit.faults.bandwidth import Bandwidth
from labkit.faults.cut import Cut
from labkit.faults.latency import Latency
from labkit.faults.network import NetworkFault
from tests.system.faults.bench import LOOPS, ProxyProcess, connect, eventually, proxy_on, serving

_PIECE = 1 << 20
_ALL = 256 * _PIECE
_BOUND = 16 * _PIECE  # the proxy itself holds 1 MiB a direction; the rest is what Python keeps for later


@pytest.fixture(params=LOOPS)
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ProxyProcess]:
    with proxy_on(request.param, tmp_path) as process:
        yield process


class Flood(socketserver.BaseRequestHandler):
    """Sends 256 MiB to whoever connects, and counts how much it got rid of."""

    request: socket.socket
    sent = 0

    def handle(self) -> None:
        for _ in range(_ALL // _PIECE):
            self.request.sendall(b"x" * _PIECE)
            type(self).sent += _PIECE


def memory(proxy: ProxyProcess) -> int:
    return int(psutil.Process(proxy.process.pid).memory_info().rss)


def stands_still(proxy: ProxyProcess, route: str) -> bool:
    """Whether the proxy has stopped reading."""
    def read() -> int:
        stats = proxy.control.stats()[route]
        return stats.bytes_up + stats.bytes_down
    before = read()
    return before > 0 and not eventually(lambda: read() != before, within=0.3)


@pytest.mark.parametrize("fault", [None, Latency(60.0), Bandwidth(1)], ids=str)
def test_an_upstream_that_sends_too_fast_has_to_wait(proxy: ProxyProcess, fault: NetworkFault | None) -> None:
    """Too fast for a client that does not read, or for a fault that holds its answers back."""
    Flood.sent = 0
    with serving(Flood) as flood:
        port = proxy.control.route("flood", [flood.address])
        if fault is not None:
            proxy.control.fault(fault, route="flood")
        before = memory(proxy)
        with connect(port):
            assert eventually(lambda: stands_still(proxy, "flood"))
            assert memory(proxy) - before < _BOUND
        assert Flood.sent < _ALL // 4


def test_a_client_that_sends_into_a_cut_has_to_wait(proxy: ProxyProcess) -> None:
    with serving(Flood) as upstream:
        port = proxy.control.route("cut", [upstream.address])
        proxy.control.fault(Cut(), route="cut")
        before, sent = memory(proxy), 0
        with connect(port, timeout=0.5) as sock:
            with contextlib.suppress(TimeoutError):
                while sent < _ALL:
                    sent += sock.send(b"x" * _PIECE)
            assert memory(proxy) - before < _BOUND
        assert sent < _ALL // 4
