"""Latency on real connections: there, graded, and gone when lifted. Times are compared with the fault's own."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from labkit.faults.latency import Latency
from labkit.faults.noop import Noop
from tests.system.faults.bench import Link, added, connect, exchange, receive, seconds


def test_latency_makes_an_answer_later_and_twice_as_much_twice_as_late(link: Link) -> None:
    with connect(link.port) as sock:
        exchange(sock)
        once, twice = added(link, sock, Latency(0.2)), added(link, sock, Latency(0.4))
        after = added(link, sock, Noop())
    assert 0.9 <= once / 0.2 <= 1.5
    assert 1.5 <= twice / once <= 2.5
    assert after < 0.5 * once


def test_latency_does_not_serialise_requests_in_flight(link: Link) -> None:
    """Ten at once on ten connections, and ten in a row on one: all late by one latency, not by ten."""
    link.inject(Latency(0.3))
    with ThreadPoolExecutor(10) as pool, connect(link.port) as sock:
        def alone(_: int) -> None:
            with connect(link.port) as own:
                exchange(own)
        side_by_side = seconds(lambda: list(pool.map(alone, range(10))))

        def in_a_row() -> None:
            for n in range(10):
                sock.sendall(bytes([n]))
                time.sleep(0.01)
            assert receive(sock, 10) == bytes(range(10))
        one_behind_another = seconds(in_a_row)
    assert 0.3 <= side_by_side < 3 * 0.3
    assert 0.3 <= one_behind_another < 3 * 0.3


def test_jitter_spreads_the_latency(link: Link) -> None:
    link.inject(Latency(0.1, jitter=0.09))
    with connect(link.port) as sock:
        times = sorted(seconds(lambda: exchange(sock)) for _ in range(20))
    assert times[0] >= 0.01
    assert times[-1] > 2 * times[0]
    assert 0.5 * 0.1 < sum(times) / 20 < 2 * 0.1


def test_lifting_a_latency_releases_what_it_holds_at_once(link: Link) -> None:
    number = link.inject(Latency(60.0))
    with connect(link.port) as sock:
        sock.sendall(b"held")
        time.sleep(0.1)
        link.control.lift(number)
        assert seconds(lambda: receive(sock, 4)) < 0.02 * 60
