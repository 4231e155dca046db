"""Bandwidth on real connections: there, graded, and gone when lifted."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from labkit.faults.bandwidth import Bandwidth
from tests.system.faults.bench import Link, connect, receive, seconds


def transfer(link: Link, size: int) -> float:
    with connect(link.port, 30) as sock:
        threading.Thread(target=sock.sendall, args=(b"x" * size,), daemon=True).start()
        return seconds(lambda: receive(sock, size))


def test_bandwidth_takes_the_bytes_over_the_rate_and_half_the_rate_twice_as_long(link: Link) -> None:
    times = {}
    without = transfer(link, 100_000)
    for rate in (200_000, 100_000):
        number = link.inject(Bandwidth(rate))
        times[rate] = transfer(link, 100_000)
        link.control.lift(number)
        assert 0.8 <= times[rate] / (100_000 / rate) <= 1.5
    assert 1.5 <= times[100_000] / times[200_000] <= 2.5
    assert max(without, transfer(link, 100_000)) < 0.5 * times[200_000]


def test_connections_share_a_bandwidth_fairly(link: Link) -> None:
    link.inject(Bandwidth(200_000))
    with ThreadPoolExecutor(4) as pool:
        times = list(pool.map(lambda _: transfer(link, 40_000), range(4)))
    assert 0.8 <= max(times) / (160_000 / 200_000) <= 1.5
    assert min(times) > 0.6 * max(times)
