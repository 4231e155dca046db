"""One direction and its bound."""

from __future__ import annotations

from labkit.faults.pipe import LIMIT, Backlog, Chunk, Pipe, Signal
from tests.unit.labkit.faults.virtual import FakeSocket, VirtualClock, Wire


def filled(*chunks: Chunk) -> tuple[Pipe, Backlog]:
    pipe = Pipe(lambda chunk: None)
    backlog = Backlog(pipe)
    for chunk in chunks:
        backlog.add(chunk)
    return pipe, backlog


def test_without_a_stage_a_chunk_is_delivered_at_once() -> None:
    delivered: list[Chunk] = []
    Pipe(delivered.append).push(b"x")
    assert delivered == [b"x"]


def test_a_backlog_gives_back_what_went_in_in_order_with_the_signals_in_their_place() -> None:
    chunks: list[Chunk] = [Signal.OPEN, b"one", b"two", Signal.FINISH]
    _, backlog = filled(*chunks)
    released: list[Chunk] = []
    backlog.release(released.append)
    assert released == chunks
    assert len(backlog) == 0


def test_a_backlog_gives_a_chunk_in_pieces() -> None:
    _, backlog = filled(b"abcdefg", Signal.FINISH)
    assert [backlog.take(3), backlog.take(3), backlog.next_size(), backlog.take(3)] == [b"abc", b"def", 1, b"g"]
    assert (backlog.next_size(), backlog.take(3)) == (0, Signal.FINISH)


def test_what_is_held_is_counted_to_the_byte() -> None:
    pipe, backlog = filled(b"12345", Signal.FINISH, b"678")
    assert pipe.held == 8
    backlog.take(2)
    assert pipe.held == 6
    backlog.clear()
    assert pipe.held == 0


def test_the_sender_waits_above_the_limit_and_goes_on_below_half_of_it() -> None:
    side = Wire(VirtualClock()).connection.upstream
    pipe, socket = Pipe(lambda chunk: None), FakeSocket(VirtualClock(), side)
    pipe.connect(socket)
    pipe.hold(LIMIT)
    assert socket.reading
    pipe.hold(1)
    assert not socket.reading
    pipe.free(LIMIT // 2)
    assert not socket.reading
    pipe.free(1)
    assert socket.reading


def test_a_sender_that_comes_when_the_pipe_is_full_waits_at_once() -> None:
    side = Wire(VirtualClock()).connection.upstream
    pipe, socket = Pipe(lambda chunk: None), FakeSocket(VirtualClock(), side)
    pipe.full(True)
    pipe.connect(socket)
    assert not socket.reading
    pipe.full(False)
    assert socket.reading


def test_a_sender_that_is_gone_is_left_alone() -> None:
    wire = Wire()
    wire.connection.reset()
    wire.connection.answers.full(True)
    assert wire.upstream.reading
