"""Whether an answer is owed, and whether the one under way is whole."""

from __future__ import annotations

import pytest

from labkit.faults.exchange import Exchange

GET = b"GET / HTTP/1.1\r\n\r\n"
HEAD = b"HEAD / HTTP/1.1\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def exchange(request: bytes, *answer: bytes) -> Exchange:
    made = Exchange()
    made.request(request)
    for part in answer:
        made.answer(part)
    return made


@pytest.mark.parametrize(("request_", "answer"), [
    (GET, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
    (GET, b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    (GET, CHUNKED + b"5\r\nhello\r\n0\r\n\r\n"),
    (GET, b"HTTP/1.1 204 No Content\r\n\r\n"),
    (GET, b"HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n"),
    (HEAD, b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n"),
    (GET, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),
])
def test_an_answer_is_whole_with_its_last_byte_and_not_before(request_: bytes, answer: bytes) -> None:
    pieces = [answer[i:i + 1] for i in range(len(answer))]
    assert exchange(request_, *pieces).whole()
    assert exchange(request_, answer).whole()
    for length in range(len(answer)):
        assert not exchange(request_, *pieces[:length]).whole(), answer[:length]


def test_an_answer_without_a_length_lasts_until_the_connection_ends() -> None:
    answer = exchange(GET, b"HTTP/1.1 200 OK\r\n\r\nuntil the end")
    assert not answer.whole()
    assert answer.whole(ended=True)


def test_an_end_does_not_make_a_short_answer_whole() -> None:
    assert not exchange(GET, b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel").whole(ended=True)
    assert not exchange(GET, CHUNKED + b"5\r\nhello\r\n").whole(ended=True)
    assert not exchange(GET).whole(ended=True)


def test_nothing_is_owed_before_the_first_request() -> None:
    assert Exchange().whole()
    assert Exchange().clients_turn


def test_the_next_request_is_owed_an_answer_of_its_own() -> None:
    turns = exchange(GET, b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    turns.request(GET)
    assert not turns.whole()
    assert not turns.clients_turn
    turns.answer(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n")
    assert not turns.whole()
    turns.answer(b"x")
    assert turns.whole()
    assert turns.clients_turn


def test_a_request_in_parts_is_one_request() -> None:
    turns = Exchange()
    turns.request(b"HEAD / HT")
    turns.request(b"TP/1.1\r\n\r\n")
    turns.answer(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n")
    assert turns.whole()


@pytest.mark.parametrize("answer", [b"+", b"+PONG\r\n", b"HELLO", b"x" * 100_000])
def test_what_is_not_http_counts_as_whole_once_anything_was_answered(answer: bytes) -> None:
    assert exchange(b"PING\r\n", answer).whole()
