"""What one side of a proxied connection does, the other side sees."""

from __future__ import annotations

from labkit.faults.cut import Cut
from labkit.faults.latency import Latency
from tests.unit.labkit.faults.virtual import VirtualClock, Wire

GET = b"GET / HTTP/1.1\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


def test_bytes_go_both_ways_and_are_counted() -> None:
    wire = Wire()
    wire.ask(b"four")
    wire.answer(b"sixsix")
    assert (wire.upstream.data, wire.client.data) == (b"four", b"sixsix")
    assert (wire.connection.requests.total, wire.connection.answers.total) == (4, 6)


def test_what_comes_before_the_upstream_is_there_waits_for_it() -> None:
    wire = Wire(connect=False)
    wire.ask(b"early")
    wire.connection.client.eof_received()
    wire.connected()
    assert wire.upstream.data == b"early"
    assert wire.upstream.finished


def test_a_half_closed_client_still_gets_its_answer() -> None:
    wire = Wire()
    wire.ask(GET)
    assert wire.connection.client.eof_received() is True
    assert wire.upstream.finished
    wire.answer(OK)
    assert wire.client.data == OK
    assert not wire.client.ended
    wire.connection.upstream.eof_received()
    assert (wire.client.finished, wire.client.ended, wire.upstream.ended) == (True, "closed", "closed")
    assert wire.over


def test_an_upstream_that_refuses_is_a_reset_to_the_client() -> None:
    wire = Wire(connect=False)
    wire.ask(GET)
    wire.refuse()
    assert wire.client.ended == "reset"
    assert wire.over
    assert wire.dials == 1


def test_a_client_that_resets_is_a_reset_to_the_upstream() -> None:
    wire = Wire()
    wire.client.break_off()
    assert wire.upstream.ended == "reset"
    assert wire.over


def test_an_upstream_that_resets_is_a_reset_to_the_client() -> None:
    wire = Wire()
    wire.upstream.break_off()
    assert wire.client.ended == "reset"
    assert wire.over


def test_an_upstream_that_goes_away_in_mid_answer_is_a_reset_to_the_client() -> None:
    for part in (b"", OK[:20], OK[:-1]):
        wire = Wire()
        wire.ask(GET)
        if part:
            wire.answer(part)
        wire.connection.upstream.eof_received()
        assert wire.client.ended == "reset"


def test_an_upstream_that_closes_at_rest_is_an_orderly_end() -> None:
    for exchanged in (False, True):
        wire = Wire()
        if exchanged:
            wire.ask(GET)
            wire.answer(OK)
        wire.connection.upstream.eof_received()
        assert wire.client.finished
        assert not wire.client.ended


def test_a_half_closed_client_that_resets_unnoticed_is_found_out_when_its_answer_ends() -> None:
    """asyncio does not read from it any more, so it learns of the reset only from the failing shutdown."""
    wire = Wire()
    wire.connection.client.eof_received()
    wire.client.peer_gone = True
    wire.connection.upstream.eof_received()
    assert wire.client.ended
    assert wire.upstream.ended == "reset"
    assert wire.over


def test_a_slow_reader_makes_the_sender_wait() -> None:
    wire = Wire()
    wire.connection.client.pause_writing()
    assert not wire.upstream.reading
    wire.connection.client.resume_writing()
    assert wire.upstream.reading
    wire.connection.upstream.pause_writing()
    assert not wire.client.reading


def test_a_connection_at_rest_ends_when_its_upstream_leaves() -> None:
    wire = Wire()
    wire.ask(GET)
    wire.answer(OK)
    wire.connection.leave()
    assert (wire.client.finished, wire.client.ended, wire.over) == (True, "closed", True)


def test_an_answer_under_way_is_finished_before_its_upstream_leaves() -> None:
    wire = Wire()
    wire.ask(GET)
    wire.connection.leave()
    wire.answer(OK[:-1])
    assert not wire.client.finished
    wire.answer(OK[-1:])
    assert wire.client.data == OK
    assert wire.over


def test_an_answer_that_latency_holds_is_passed_on_before_its_upstream_leaves() -> None:
    clock = VirtualClock()
    wire = Wire(clock, Latency(1.0))
    wire.ask(GET)
    wire.answer(OK)
    wire.connection.leave()
    assert not wire.client.ended
    clock.advance(1.0)
    assert (wire.client.data, wire.over) == (OK, True)


def test_a_connection_that_is_not_there_yet_is_reset_when_its_upstream_leaves() -> None:
    wire = Wire(connect=False)
    wire.connection.leave()
    assert wire.client.ended == "reset"


def test_faults_stack_and_are_lifted_in_any_order() -> None:
    clock = VirtualClock()
    wire = Wire(clock)
    first, cut, second = wire.inject(Latency(1.0)), wire.inject(Cut()), wire.inject(Latency(2.0))
    wire.answer(b"a")
    clock.advance(10.0)
    assert wire.client.data == b""
    wire.lift(first)
    wire.lift(cut)
    assert wire.client.data == b""
    clock.advance(2.0)
    assert wire.client.data == b"a"
    wire.lift(second)
    wire.answer(b"b")
    assert wire.client.data == b"ab"


def test_latencies_add_up() -> None:
    clock = VirtualClock()
    wire = Wire(clock, Latency(1.0), Latency(2.0))
    wire.answer(b"x")
    clock.advance(2.99)
    assert wire.client.data == b""
    clock.advance(0.02)
    assert wire.client.data == b"x"


def test_nothing_can_be_attached_to_a_connection_that_is_over() -> None:
    wire = Wire()
    wire.connection.reset()
    wire.inject(Latency(1.0))
    wire.lift(1)
    assert wire.over
