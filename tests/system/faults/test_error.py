"""Errors on real connections: their share, the same for a seed, and none when lifted."""

from __future__ import annotations

import math

import pytest

from labkit.faults.error import ErrorRate
from tests.system.faults.bench import Link, connect, exchange, get


@pytest.mark.parametrize("share", [0.2, 0.4])
def test_errors_come_in_their_share_the_same_for_a_seed_and_never_reach_the_upstream(web: Link, share: float) -> None:
    runs = []
    for _ in range(2):
        number, before = web.inject(ErrorRate(share, status=503, seed=11)), web.upstream.requests
        runs.append(get(web.port, times=400))
        web.control.lift(number)
        assert web.upstream.requests - before == runs[-1].count(200)
    errors, deviation = runs[0].count(503), math.sqrt(400 * share * (1 - share))
    assert abs(errors - 400 * share) <= 3 * deviation
    assert set(runs[0]) == {200, 503}
    assert runs[0] == runs[1]
    assert set(get(web.port, times=50)) == {200}


def test_errors_on_what_is_not_http_are_resets(link: Link) -> None:
    link.inject(ErrorRate(1.0))
    with connect(link.port) as sock, pytest.raises(ConnectionResetError):
        exchange(sock, b"*1\r\n$4\r\nPING\r\n")
