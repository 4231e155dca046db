from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.load.http import Answer, BadAnswer, request_bytes

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Answer: Full\r\n\r\nhello"
CHUNKED = (b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\nx-answer: default\r\n\r\n"
           b"5;note=1\r\nhello\r\nA\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n")
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + LENGTH
HTTP_10 = b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok"
WHOLE = {LENGTH: (200, b"Full", b"hello"), CHUNKED: (503, b"default", b"hello0123456789"), EMPTY: (204, b"", b""),
         INTERIM: (200, b"Full", b"hello"), HTTP_10: (200, b"", b"ok")}


def read(pieces: list[bytes], **options: bool) -> Answer:
    answer = Answer("X-Answer", keep_body=True)
    answer.begin(**options)
    done = [answer.feed(piece) for piece in pieces]
    assert done == [False] * (len(pieces) - 1) + [True]
    return answer


@given(st.sampled_from(sorted(WHOLE)), st.sets(st.integers(1, 200)))
def test_an_answer_is_the_same_however_it_is_cut(wire, cuts):
    places = [0, *sorted(cut for cut in cuts if cut < len(wire)), len(wire)]
    answer = read([wire[a:b] for a, b in itertools.pairwise(places)])
    assert (answer.status, answer.tag, answer.body) == WHOLE[wire]
    assert answer.reusable


def test_an_answer_until_close_ends_when_the_server_closes():
    answer = Answer(keep_body=True)
    assert not answer.end()
    assert not answer.feed(b"HTTP/1.1 200 OK\r\n\r\nsome")
    assert not answer.feed(b"thing")
    assert answer.end()
    assert answer.body == b"something"
    assert not answer.reusable


def test_an_answer_that_is_closed_early_is_not_whole():
    for wire in (LENGTH, CHUNKED):
        answer = Answer()
        answer.feed(wire[:-1])
        assert not answer.end()


def test_the_answer_to_head_has_no_body():
    assert read([LENGTH[:-5]], head_only=True).status == 200


def test_a_connection_is_not_used_again_when_the_server_says_so_or_speaks_out_of_turn():
    assert not read([LENGTH.replace(b"X-Answer", b"Connection: close\r\nX-Answer")]).reusable
    assert not read([LENGTH + b"more"]).reusable
    assert not read([CHUNKED + b"more"]).reusable
    assert not read([HTTP_10.replace(b"keep-alive", b"whatever")]).reusable


@pytest.mark.parametrize("wire", [
    b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"HTTP/1.1 101 Upgrade\r\n\r\n",
    b"HTTP/1.1 099 X\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20_000])
def test_what_is_not_http_is_a_bad_answer(wire):
    with pytest.raises(BadAnswer):
        Answer().feed(wire)


def test_begin_forgets_the_answer_before():
    answer = read([CHUNKED])
    answer.begin()
    assert answer.feed(LENGTH)
    assert (answer.status, answer.tag, answer.body) == WHOLE[LENGTH]


def test_a_request_has_its_fields_and_the_length_of_its_body_in_bytes():
    wire = request_bytes("POST", "127.0.0.1:80", "/orders?a=1", {"Content-Type": "application/json"}, '"é"')
    head, _, body = wire.partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [b"POST /orders?a=1 HTTP/1.1", b"host: 127.0.0.1:80",
                                   b"content-type: application/json", b"content-length: 4"]
    assert body == '"é"'.encode()
    assert b"content-length" not in request_bytes("GET", "a", "/", {}, None)
