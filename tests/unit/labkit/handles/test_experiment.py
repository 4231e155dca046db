"""What a reader asks of a load becomes streams of requests."""

from __future__ import annotations

import pytest

from labkit.handles.experiment import Request, requests_of

COMMON = {"timeout": 0.5}


def test_one_path_has_the_rate() -> None:
    assert requests_of("/orders", 40, **COMMON) == [Request("/orders", 40, 0.5)]


def test_several_paths_have_a_rate_each() -> None:
    assert requests_of({"POST /orders": 48, "GET /": 24}, None, **COMMON) == [
        Request("POST /orders", 48, 0.5), Request("GET /", 24, 0.5)]


def test_a_rate_for_several_paths_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="give each its own rate"):
        requests_of({"/": 1}, 40, **COMMON)


@pytest.mark.parametrize(("path", "method", "url"), [
    ("/orders", "GET", "http://127.0.0.1:1/orders"), ("POST /orders", "POST", "http://127.0.0.1:1/orders"),
])
def test_a_method_may_stand_before_the_path(path: str, method: str, url: str) -> None:
    stream = Request(path, 40, 0.5).stream("http://127.0.0.1:1", seed=7)
    assert (stream.name, stream.method, stream.url, stream.seed, stream.headers) == (path, method, url, 7, {})


def test_a_body_is_json() -> None:
    stream = Request("POST /orders", 40, 0.5, body="{}").stream("http://127.0.0.1:1", seed=7)
    assert (stream.body, stream.headers) == ("{}", {"Content-Type": "application/json"})
