"""The cut, on a connection whose sockets are lists."""

from __future__ import annotations

from labkit.faults.cut import Cut
from labkit.faults.latency import Latency
from tests.unit.labkit.faults.virtual import VirtualClock, Wire


def test_nothing_goes_through_in_either_direction_and_neither_side_is_told() -> None:
    wire = Wire()
    wire.inject(Cut())
    wire.ask(b"question")
    wire.answer(b"answer")
    wire.connection.client.eof_received()
    wire.connection.upstream.eof_received()
    assert wire.upstream.data == wire.client.data == b""
    assert not wire.upstream.finished
    assert not wire.client.finished


def test_lifted_all_flows_on_from_where_it_was() -> None:
    wire = Wire()
    wire.ask(b"que")
    cut = wire.inject(Cut())
    wire.ask(b"stion")
    wire.answer(b"answer")
    wire.lift(cut)
    assert (wire.upstream.data, wire.client.data) == (b"question", b"answer")
    wire.ask(b"?")
    assert wire.upstream.data == b"question?"


def test_a_new_connection_does_not_reach_the_upstream_until_the_cut_is_lifted() -> None:
    wire = Wire()
    cut = Cut()
    new = Wire(None, cut)
    new.ask(b"hello")
    assert new.dials == 0
    assert not new.client.ended
    new.lift(1)
    assert new.dials == 1
    assert new.upstream.data == b"hello"
    assert wire.dials == 1


def test_a_sender_has_to_wait_when_enough_is_held() -> None:
    wire = Wire(None, Cut())
    sent = 0
    while wire.client.reading:
        wire.ask(b"x" * 65536)
        sent += 65536
    assert sent <= (1 << 20) + 65536
    wire.lift(1)
    assert wire.client.reading
    assert len(wire.upstream.data) == sent


def test_a_client_that_gives_up_is_not_noticed_by_the_upstream_before_the_lift() -> None:
    wire = Wire()
    cut = wire.inject(Cut())
    wire.ask(b"question")
    wire.client.break_off()
    assert not wire.upstream.ended
    wire.lift(cut)
    assert wire.upstream.data == b"question"
    assert wire.upstream.ended == "reset"
    assert wire.over


def test_what_latency_still_holds_does_not_come_through_a_cut() -> None:
    clock = VirtualClock()
    wire = Wire(clock, Latency(1.0))
    wire.answer(b"late")
    cut = wire.inject(Cut())
    clock.advance(5.0)
    assert wire.client.data == b""
    wire.lift(cut)
    assert wire.client.data == b"late"
