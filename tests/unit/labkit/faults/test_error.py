"""The error rate in virtual time."""

from __future__ import annotations

import pytest

from labkit.faults.cut import Cut
from labkit.faults.error import ErrorRate
from labkit.faults.latency import Latency
from tests.unit.labkit.faults.virtual import VirtualClock, Wire

GET = b"GET /stock HTTP/1.1\r\nhost: stock\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


def statuses(wire: Wire, requests: int) -> list[int]:
    """Ask one by one; the upstream answers what reaches it."""
    found = []
    for _ in range(requests):
        before, seen = len(wire.upstream.data), len(wire.client.data)
        wire.ask(GET)
        if len(wire.upstream.data) > before:
            wire.answer(OK)
        found.append(int(wire.client.data[seen + 9:seen + 12]))
    return found


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0, 0), (0.3, 255, 345), (1.0, 1000, 1000)])
def test_a_share_of_requests_is_answered_with_the_status(share: float, low: int, high: int) -> None:
    """1,000 draws at 0.3 have a standard deviation of 14.5: the bounds are three of it."""
    assert low <= statuses(Wire(None, ErrorRate(share)), 1000).count(503) <= high


def test_the_same_seed_draws_the_same_requests() -> None:
    def run(seed: int) -> list[int]:
        return statuses(Wire(None, ErrorRate(0.5, seed=seed)), 50)
    assert run(1) == run(1) != run(2)


def test_connections_draw_from_one_stream() -> None:
    """Else the first request of each connection would have one fate."""
    make = ErrorRate(0.5).behaviour()
    wires = [Wire() for _ in range(20)]
    for wire in wires:
        wire.connection.attach(1, make, new=False)
    assert {statuses(wire, 1)[0] for wire in wires} == {200, 503}


def test_a_refused_request_never_reaches_the_upstream_and_the_connection_stays() -> None:
    wire = Wire(None, ErrorRate(1.0, status=429))
    assert statuses(wire, 3) == [429, 429, 429]
    assert wire.upstream.data == b""
    assert not wire.client.finished


def test_the_body_of_a_refused_request_is_swallowed_whole() -> None:
    wire = Wire(None, ErrorRate(1.0))
    wire.ask(b"POST / HTTP/1.1\r\ncontent-le")
    wire.ask(b"ngth: 10\r\n\r\n12345")
    assert wire.client.data == b""
    wire.ask(b"67890")
    assert wire.client.data.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    wire.ask(GET)
    assert wire.client.data.count(b"HTTP/1.1 503") == 2
    assert wire.upstream.data == b""


def test_a_request_that_is_let_through_keeps_its_body() -> None:
    wire = Wire(None, ErrorRate(0.0))
    for part in (b"POST / HTTP/1.1\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n", b"bo", b"dy"):
        wire.ask(part)
    assert wire.upstream.data.endswith(b"\r\n\r\nbody")


def test_an_interim_answer_does_not_make_a_body_a_new_request() -> None:
    wire = Wire(None, ErrorRate(0.5, seed=0))
    while not wire.upstream.data:
        wire.ask(b"POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\n")
    for byte in b"body":
        wire.answer(b"HTTP/1.1 100 Continue\r\n\r\n")
        wire.ask(bytes([byte]))
    assert wire.upstream.data.endswith(b"body")
    assert not wire.client.ended


@pytest.mark.parametrize("head", [
    b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n",
    b"POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n",
    b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
])
def test_where_no_request_can_follow_the_connection_ends_after_the_error(head: bytes) -> None:
    wire = Wire(None, ErrorRate(1.0))
    wire.ask(head)
    wire.ask(b"5\r\nhello\r\n0\r\n\r\n")
    assert wire.client.data.count(b"HTTP/1.1 503") == 1
    assert b"connection: close" in wire.client.data
    assert wire.client.finished
    assert wire.upstream.data == b""


def test_an_answer_to_head_has_no_body() -> None:
    wire = Wire(None, ErrorRate(1.0))
    wire.ask(b"HEAD / HTTP/1.1\r\n\r\n")
    assert wire.client.data.endswith(b"\r\n\r\n")


def test_what_is_not_http_is_reset() -> None:
    wire = Wire(None, ErrorRate(1.0))
    wire.ask(b"*1\r\n$4\r\nPING\r\n")
    assert (wire.client.ended, wire.upstream.ended) == ("reset", "reset")


def test_a_request_under_way_at_injection_is_let_through() -> None:
    wire = Wire()
    wire.ask(b"POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\n")
    wire.inject(ErrorRate(1.0))
    wire.ask(b"body")
    assert wire.upstream.data.endswith(b"body")
    wire.answer(OK)
    assert statuses(wire, 2) == [503, 503]


def test_lifted_everything_gets_through_again() -> None:
    wire = Wire()
    fault = wire.inject(ErrorRate(1.0))
    assert statuses(wire, 2) == [503, 503]
    wire.lift(fault)
    assert statuses(wire, 2) == [200, 200]


def test_lifted_in_the_middle_of_a_request_the_rest_does_not_reach_the_upstream() -> None:
    wire = Wire()
    fault = wire.inject(ErrorRate(1.0))
    wire.ask(b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\n")
    wire.lift(fault)
    assert wire.client.ended == "reset"
    assert wire.upstream.data == b""


@pytest.mark.parametrize("latency_first", [True, False])
def test_latency_holds_the_errors_too(latency_first: bool) -> None:
    clock = VirtualClock()
    faults = [Latency(1.0), ErrorRate(1.0)]
    wire = Wire(clock, *(faults if latency_first else reversed(faults)))
    wire.ask(GET)
    assert wire.client.data == b""
    clock.advance(1.0)
    assert b"503" in wire.client.data


def test_after_an_error_an_upstream_may_close_at_rest() -> None:
    wire = Wire(None, ErrorRate(1.0))
    wire.ask(GET)
    wire.connection.upstream.eof_received()
    assert wire.client.finished
    assert not wire.client.ended


def test_no_error_comes_through_a_cut() -> None:
    wire = Wire(None, ErrorRate(1.0))
    cut = wire.inject(Cut())
    wire.ask(GET)
    assert wire.client.data == b""
    wire.lift(cut)
    assert b"503" in wire.client.data
