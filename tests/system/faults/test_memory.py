"""The proxy's memory stays bounded: whoever sends faster than the other side reads has to wait."""

from __future__ import annotations

import socket
import socketserver
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from labkit.faults.control import ProxyControl
from labkit.faults.cut import Cut
from labkit.faults.latency import Latency
from tests.system.faults.bench import LOOPS, ProxyProcess, connect, eventually, proxy_on, serving


@pytest.fixture(params=LOOPS)
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ProxyProcess]:
    with proxy_on(request.param, tmp_path) as process:
        yield process


class Flood(socketserver.BaseRequestHandler):
    """Sends 256 MiB to whoever connects, and counts how much it got rid of."""

    request: socket.socket
    sent = 0

    def handle(self) -> None:
        for _ in range(256):
            self.request.sendall(b"x" * (1 << 20))
            type(self).sent += 1 << 20


@pytest.mark.parametrize("fault", [None, Latency(60.0), Cut()])
def test_a_client_that_does_not_read_makes_the_upstream_wait(
        proxy: ProxyProcess, fault: Latency | Cut | None) -> None:
    Flood.sent = 0
    with serving(Flood) as flood:
        port = proxy.control.route("flood", [flood.address])
        before = psutil.Process(proxy.process.pid).memory_info().rss
        with connect(port):
            assert eventually(lambda: proxy.control.stats()["flood"].bytes_down > 0)
            if fault is not None:
                proxy.control.fault(fault, route="flood")
            assert eventually(lambda: stands_still(proxy.control))
            grown = psutil.Process(proxy.process.pid).memory_info().rss - before
        assert grown < 16 << 20
        assert Flood.sent < 64 << 20


def stands_still(control: ProxyControl) -> bool:
    before = control.stats()["flood"].bytes_down
    return not eventually(lambda: control.stats()["flood"].bytes_down != before, within=0.3)
