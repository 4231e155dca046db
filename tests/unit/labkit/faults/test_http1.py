"""Heads and lengths of HTTP/1.x."""

from __future__ import annotations

import pytest

from labkit.faults.http1 import HEAD_LIMIT, Request, content_length, field, is_interim


def fed(*parts: bytes) -> Request:
    request = Request()
    for part in parts:
        request.feed(part)
    return request


def test_a_field_is_found_whatever_its_case() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Content-Length: 7\r\nContent-LENGTH:  12 \r\n\r\n"
    assert field(head, b"content-length") == b"12"
    assert content_length(head) == 12
    assert field(head, b"host") is None


def test_a_length_that_is_nonsense_is_none() -> None:
    assert content_length(b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n") is None


def test_an_interim_answer_is_one_of_the_hundreds() -> None:
    assert is_interim(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert not is_interim(b"HTTP/1.1 200 OK\r\n\r\n")
    assert not is_interim(b"")


def test_a_request_is_ready_with_the_last_byte_of_its_body() -> None:
    parts = [b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n", b"12", b"3"]
    assert [fed(*parts[:count]).ready for count in range(4)] == [False, False, False, True]


def test_a_request_without_a_length_has_no_body() -> None:
    assert fed(b"GET / HTTP/1.1\r\n\r\n").ready


def test_only_the_head_is_kept() -> None:
    assert fed(b"POST / HTTP/1.1\r\ncontent-length: 900000\r\n\r\n", b"x" * 900_000).head.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(("start", "possible"), [
    (b"GET / HTTP/1.1\r\n", True), (b"G", True), (b"DELETE", True), (b"PRI * HTTP/2.0\r\n", False), (b"get / ", False),
    (b"*1\r\n$4\r\nPING\r\n", False), (b"\x16\x03\x01", False), (b"GET /" + b"x" * HEAD_LIMIT, False)])
def test_what_can_be_a_request(start: bytes, possible: bool) -> None:
    assert fed(start).possible is possible
