"""Latency in virtual time."""

from __future__ import annotations

import pytest

from labkit.faults.latency import Latency
from tests.unit.labkit.faults.virtual import VirtualClock, Wire


def arrivals(wire: Wire) -> list[float]:
    return [round(when - 1000.0, 6) for when, _ in wire.client.sent]


def test_an_answer_comes_later_by_the_latency_and_a_request_does_not(clock: VirtualClock) -> None:
    wire = Wire(clock, Latency(3.0))
    wire.ask(b"question")
    assert wire.upstream.data == b"question"
    wire.answer(b"answer")
    clock.advance(2.999)
    assert wire.client.data == b""
    clock.advance(0.002)
    assert wire.client.data == b"answer"


def test_answers_in_flight_are_all_late_by_the_same_time(clock: VirtualClock) -> None:
    """A delay line: ten answers at 0.0, 0.1, ... come at 3.0, 3.1, ..., not at 3, 6, 9."""
    wire = Wire(clock, Latency(3.0))
    for _ in range(10):
        wire.answer(b"x")
        clock.advance(0.1)
    clock.advance(3.0)
    assert arrivals(wire) == pytest.approx([3.0 + 0.1 * n for n in range(10)])


def test_jitter_spreads_the_delay_within_its_bounds(clock: VirtualClock) -> None:
    delays = []
    wire = Wire(clock, Latency(1.0, jitter=0.4, seed=3))
    for _ in range(200):
        begin, count = clock.now, len(wire.client.sent)
        wire.answer(b"x")
        clock.advance(2.0)
        delays.append(wire.client.sent[count][0] - begin)
    assert 0.6 <= min(delays) < 0.7
    assert 1.3 < max(delays) <= 1.4 + 1e-6


def test_jitter_never_changes_the_order(clock: VirtualClock) -> None:
    wire = Wire(clock, Latency(1.0, jitter=1.0))
    for n in range(100):
        wire.answer(bytes([n]))
        clock.advance(0.01)
    clock.advance(3.0)
    assert wire.client.data == bytes(range(100))


def test_the_same_seed_draws_the_same_jitter() -> None:
    def run(seed: int) -> list[float]:
        clock = VirtualClock()
        wire = Wire(clock, Latency(1.0, jitter=0.5, seed=seed))
        for _ in range(20):
            wire.answer(b"x")
            clock.advance(5.0)
        return arrivals(wire)
    assert run(1) == run(1) != run(2)


def test_lifting_releases_what_is_held_at_once_and_in_order(clock: VirtualClock) -> None:
    wire = Wire(clock)
    fault = wire.inject(Latency(3.0))
    wire.answer(b"one ")
    clock.advance(1.0)
    wire.answer(b"two")
    wire.lift(fault)
    assert wire.client.data == b"one two"
    wire.answer(b"!")
    assert wire.client.data == b"one two!"
    assert clock.waiting() == []


def test_an_open_connection_is_late_from_the_moment_of_injection(clock: VirtualClock) -> None:
    wire = Wire(clock)
    wire.answer(b"before")
    wire.inject(Latency(0.5))
    wire.answer(b"after")
    assert wire.client.data == b"before"
    clock.advance(0.5)
    assert wire.client.data == b"beforeafter"


def test_the_end_of_an_answer_is_held_too(clock: VirtualClock) -> None:
    wire = Wire(clock, Latency(1.0))
    wire.answer(b"last words")
    wire.connection.upstream.eof_received()
    assert not wire.client.finished
    clock.advance(1.0)
    assert wire.client.data == b"last words"
    assert wire.client.finished


def test_a_connection_holds_a_bounded_amount(clock: VirtualClock) -> None:
    wire = Wire(clock, Latency(1.0))
    while wire.upstream.reading:
        wire.answer(b"x" * 65536)
    assert wire.connection.answers.held <= (1 << 20) + 65536
    clock.advance(1.0)
    assert wire.upstream.reading


def test_a_connection_that_ends_leaves_no_timer_behind(clock: VirtualClock) -> None:
    wire = Wire(clock, Latency(60.0))
    wire.answer(b"never seen")
    wire.client.break_off()
    assert wire.over
    assert clock.waiting() == []
