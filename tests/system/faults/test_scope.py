"""What a fault covers, how faults add up, and how long they last, on real connections."""

from __future__ import annotations

import pytest

from labkit.faults.bandwidth import Bandwidth
from labkit.faults.control import ProxyControl
from labkit.faults.cut import Cut
from labkit.faults.latency import Latency
from labkit.faults.noop import Noop
from labkit.faults.reset import Reset
from tests.system.faults.bench import Link, Upstream, added, connect, exchange, get, seconds


def test_no_fault_changes_nothing(web: Link) -> None:
    web.inject(Noop())
    assert get(web.port, "/100000", times=20) == [200] * 20


def test_faults_add_up(link: Link) -> None:
    with connect(link.port) as sock:
        exchange(sock)
        one = added(link, sock, Latency(0.15))
        link.inject(Latency(0.15))
        link.inject(Bandwidth(100))
        assert seconds(lambda: exchange(sock, b"x" * 15)) == pytest.approx(2 * one, rel=0.5)


def test_a_fault_covers_its_route_its_upstream_or_both(control: ProxyControl, echo: Upstream, http: Upstream) -> None:
    """Two routes to two upstreams: which of the four ways is reset?"""
    ports = {(name, upstream): control.route(f"{name} {upstream.address}", [upstream.address])
             for name in ("a", "b") for upstream in (echo, http)}

    def reset_ways() -> set[tuple[str, str]]:
        found = set()
        for (name, upstream), port in ports.items():
            try:
                with connect(port, timeout=0.1) as sock:
                    sock.recv(1)
            except TimeoutError:
                continue
            except ConnectionResetError:
                found.add((name, "echo" if upstream is echo else "http"))
        return found

    scopes = [({"route": f"a {echo.address}"}, {("a", "echo")}),
              ({"upstream": http.address}, {("a", "http"), ("b", "http")}),
              ({"route": f"b {http.address}", "upstream": http.address}, {("b", "http")}),
              ({}, {(name, kind) for name in "ab" for kind in ("echo", "http")})]
    for scope, expected in scopes:
        number = control.fault(Reset(), **scope)
        assert reset_ways() == expected
        control.lift(number)
    assert reset_ways() == set()
    for name, upstream in ports:
        control.unroute(f"{name} {upstream.address}")


def test_a_fault_with_a_lease_lifts_itself(link: Link) -> None:
    with connect(link.port) as sock:
        exchange(sock)
        first = seconds(lambda: [link.inject(Cut(), seconds=0.4), exchange(sock)])
        second = seconds(lambda: exchange(sock))
    assert 0.4 <= first <= 2 * 0.4
    assert second < 0.5 * first
