"""Bandwidth in virtual time."""

from __future__ import annotations

import pytest

from labkit.faults.bandwidth import Bandwidth
from tests.unit.labkit.faults.virtual import VirtualClock, Wire


def seconds_for(size: int, rate: float, piece: int = 65536) -> float:
    clock = VirtualClock()
    wire = Wire(clock, Bandwidth(rate))
    for begin in range(0, size, piece):
        wire.answer(b"x" * min(piece, size - begin))
    clock.advance(3600)
    assert len(wire.client.data) == size
    return wire.client.sent[-1][0] - 1000.0


@pytest.mark.parametrize(("size", "rate"), [(10, 100), (5_000, 1_000), (300_000, 50_000), (900_000, 20e6), (1, 0.5)])
def test_bytes_take_their_number_over_the_rate(size: int, rate: float) -> None:
    assert seconds_for(size, rate) == pytest.approx(size / rate, rel=1e-6)


def test_bytes_come_evenly_and_not_in_one_burst(clock: VirtualClock) -> None:
    wire = Wire(clock, Bandwidth(1000))
    wire.answer(b"x" * 1000)
    for tenth in range(1, 10):
        clock.advance(0.1)
        assert len(wire.client.data) == pytest.approx(100 * tenth, abs=20)


def test_requests_are_not_slowed(clock: VirtualClock) -> None:
    wire = Wire(clock, Bandwidth(1))
    wire.ask(b"x" * 1000)
    assert len(wire.upstream.data) == 1000


def test_connections_share_the_rate_in_equal_parts(clock: VirtualClock) -> None:
    make = Bandwidth(1000).behaviour()
    wires = [Wire(clock) for _ in range(4)]
    for wire in wires:
        wire.connection.attach(1, make, new=False)
        wire.answer(b"x" * 1000)
    clock.advance(2.0)
    assert [len(wire.client.data) for wire in wires] == pytest.approx([500] * 4, abs=20)
    clock.advance(2.0)
    assert sum(len(wire.client.data) for wire in wires) == pytest.approx(4000, abs=40)


def test_a_small_answer_does_not_wait_for_the_end_of_a_large_one(clock: VirtualClock) -> None:
    make = Bandwidth(1000).behaviour()
    large, small = Wire(clock), Wire(clock)
    for wire, size in ((large, 10_000), (small, 20)):
        wire.connection.attach(1, make, new=False)
        wire.answer(b"x" * size)
    clock.advance(0.1)
    assert len(small.client.data) == 20


def test_an_idle_link_saves_up_nothing(clock: VirtualClock) -> None:
    wire = Wire(clock, Bandwidth(1000))
    clock.advance(100)
    wire.answer(b"x" * 1000)
    clock.advance(0.5)
    assert len(wire.client.data) == pytest.approx(500, abs=20)


def test_a_late_timer_catches_up(clock: VirtualClock) -> None:
    wire = Wire(clock, Bandwidth(1000))
    wire.answer(b"x" * 1000)
    clock.now += 0.5  # the event loop was busy and did nothing
    clock.advance(0.0)
    assert len(wire.client.data) == pytest.approx(500, abs=20)


def test_lifting_releases_the_rest_at_once_in_order(clock: VirtualClock) -> None:
    wire = Wire(clock)
    fault = wire.inject(Bandwidth(10))
    data = bytes(range(256))
    wire.answer(data)
    clock.advance(1.05)
    wire.lift(fault)
    assert wire.client.data == data
    clock.advance(100)
    assert wire.client.data == data


def test_the_end_comes_after_the_last_byte(clock: VirtualClock) -> None:
    wire = Wire(clock, Bandwidth(100))
    wire.answer(b"x" * 100)
    wire.connection.upstream.eof_received()
    clock.advance(0.9)
    assert not wire.client.finished
    clock.advance(0.2)
    assert wire.client.finished


def test_a_connection_that_ends_gives_its_turn_to_the_others(clock: VirtualClock) -> None:
    make = Bandwidth(1000).behaviour()
    gone, stays = Wire(clock), Wire(clock)
    for wire in (gone, stays):
        wire.connection.attach(1, make, new=False)
        wire.answer(b"x" * 1000)
    gone.client.break_off()
    clock.advance(1.0)
    assert len(stays.client.data) == pytest.approx(1000, abs=20)
