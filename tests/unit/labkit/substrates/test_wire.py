"""Messages arrive whole and in order, with the descriptors that were sent with them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from labkit.substrates.wire import Wire

Pair = tuple[Wire, Wire]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, two = (Wire(end) for end in socket.socketpair())
    yield one, two
    one.close()
    two.close()


def written(text: bytes) -> int:
    """The reading end of a pipe in which this waits."""
    reader, writer = os.pipe()
    os.write(writer, text)
    os.close(writer)
    return reader


def test_what_is_sent_together_is_received_in_order(pair: Pair) -> None:
    pair[0].send({"a": 1})
    pair[0].send({"b": "über\n"})
    assert list(pair[1].receive()) == [({"a": 1}, []), ({"b": "über\n"}, [])]


def test_half_a_message_waits_for_its_rest(pair: Pair) -> None:
    pair[0].sock.sendall(b'{"a"')
    assert list(pair[1].receive()) == []
    pair[0].sock.sendall(b': 1}\n{"b')
    assert list(pair[1].receive()) == [({"a": 1}, [])]


def test_each_message_brings_its_own_descriptors(pair: Pair) -> None:
    fds = [written(text) for text in (b"one", b"two", b"three")]
    pair[0].send({"n": 1}, fds[:1])
    pair[0].send({"n": 0})
    pair[0].send({"n": 2}, fds[1:])
    received = []
    while len(received) < 3:
        received += list(pair[1].receive())
    assert [message for message, _ in received] == [{"n": 1}, {"n": 0}, {"n": 2}]
    assert [[os.read(fd, 10) for fd in fds] for _, fds in received] == [[b"one"], [], [b"two", b"three"]]
    for fd in [*fds, *(fd for _, fds in received for fd in fds)]:
        os.close(fd)


def test_the_end_of_the_other_end_is_told(pair: Pair) -> None:
    pair[0].close()
    with pytest.raises(EOFError):
        list(pair[1].receive())
    with pytest.raises(OSError, match="Broken pipe"):
        pair[1].send({"a": 1})


def test_descriptors_that_nobody_took_are_closed_with_the_wire(pair: Pair) -> None:
    """A fork of the template must not hold on to the socket of a launch that is only half read."""
    reader, writer = os.pipe()
    socket.send_fds(pair[0].sock, [b'{"n": 1, "fds"'], [writer])
    os.close(writer)
    assert list(pair[1].receive()) == []
    pair[1].close()
    assert os.read(reader, 1) == b""  # the end of the pipe: nobody holds its other end
    os.close(reader)
