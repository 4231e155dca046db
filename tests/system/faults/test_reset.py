"""Resets on real connections: open ones, new ones, or a share of them."""

from __future__ import annotations

import errno
import math

import pytest

from labkit.faults.reset import Reset
from tests.system.faults.bench import Link, connect, exchange


def test_a_reset_breaks_open_and_new_connections_until_it_is_lifted(link: Link) -> None:
    with connect(link.port) as old:
        assert exchange(old) == b"x"
        reset = link.inject(Reset())
        with pytest.raises(ConnectionResetError) as problem:
            old.recv(1)
        assert problem.value.errno == errno.ECONNRESET
    assert broken(link, 20) == 20
    assert link.upstream.connections == 1
    link.control.lift(reset)
    assert broken(link, 20) == 0


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_a_share_of_new_connections_is_reset_and_the_open_ones_stay(link: Link, share: float) -> None:
    with connect(link.port) as old:
        exchange(old)
        link.inject(Reset(share, seed=5))
        assert abs(broken(link, 200) - 200 * share) <= 3 * math.sqrt(200 * share * (1 - share))
        assert exchange(old) == b"x"


def broken(link: Link, connections: int) -> int:
    """How many of so many new connections are reset."""
    count = 0
    for _ in range(connections):
        try:
            with connect(link.port) as sock:
                exchange(sock)
        except (ConnectionResetError, BrokenPipeError):
            count += 1
    return count
