"""What a stream sends: the same, or one of many by Zipf's law, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest

from labkit.load.plan import Stream
from labkit.load.requests import Requests, requests_of

URL = "http://127.0.0.1:8000"


def drawn(target: str, seed: int = 1, count: int = 20_000) -> list[str]:
    requests: Requests = requests_of(target, seed, str.encode)
    return [requests[number].decode() for number in range(count)]


def test_a_path_without_a_place_is_the_same_each_time() -> None:
    assert set(drawn("/items/7", count=5)) == {"/items/7"}


def test_the_item_of_rank_k_comes_as_often_as_one_in_k() -> None:
    counts = Counter(drawn("/items/{zipf:100}/price"))
    assert sum(counts.values()) == 20_000
    share = 1 / sum(1 / rank for rank in range(1, 101))
    for rank in (1, 2, 5, 20):
        assert counts[f"/items/{rank}/price"] / 20_000 == pytest.approx(share / rank, rel=0.15)
    assert set(counts) == {f"/items/{rank}/price" for rank in range(1, 101)}


def test_an_exponent_flattens_it() -> None:
    counts = Counter(drawn("/items/{zipf:50:0}"))
    assert max(counts.values()) < 1.5 * min(counts.values())


def test_a_seed_says_which_comes_when() -> None:
    assert drawn("/{zipf:500}", seed=3, count=50) == drawn("/{zipf:500}", seed=3, count=50)
    assert drawn("/{zipf:500}", seed=3, count=50) != drawn("/{zipf:500}", seed=4, count=50)


def test_a_request_that_is_sent_again_is_the_same() -> None:
    requests = requests_of("/{zipf:500}", 1, str.encode)
    later = [requests[number] for number in (9, 3, 9, 0)]
    assert later[0] == later[2]
    assert later == [drawn("/{zipf:500}", count=10)[number].encode() for number in (9, 3, 9, 0)]


@pytest.mark.parametrize("path", ["/items/{zipf}", "/items/{zipf:0}", "/items/{zipf:200000}", "/{zipf:5}/{zipf:5}", "/{item}",
                                  "/items/{zipf:5:-1}"])
def test_a_place_that_cannot_be_is_a_sentence(path: str) -> None:
    with pytest.raises(ValueError, match=r"only one \{zipf:500\} can stand"):
        Stream("GET", URL + path, rate=10.0)


@pytest.mark.parametrize("path", ["/items/{zipf:500}", "/items/{zipf:500:0.8}/price", "/items/7"])
def test_what_can_be_is_accepted(path: str) -> None:
    assert Stream("GET", URL + path, rate=10.0).url == URL + path
