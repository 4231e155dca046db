"""What a stream sends: the same request each time, or one of many that are asked for unequally, by Zipf's law.

    /items/7            the same
    /items/{zipf:500}   one of 500, 1 to 500: the k-th as often as 1/k
    /items/{zipf:500:0.8}   as often as 1/k^0.8, which is flatter

Most things that many people choose from are so: words, cities, pages, goods (Zipf 1949; for web pages Breslau and others,
"Web caching and Zipf-like distributions", 1999, who find exponents of 0.64 to 0.83).
"""

from __future__ import annotations

import bisect
import itertools
import random
import re
from collections.abc import Callable, Sequence
from typing import Protocol

__all__ = ["MOST_ITEMS", "PLACE", "Requests", "Same", "Zipf", "requests_of"]

PLACE = re.compile(r"\{zipf:(\d+)(?::(\d+(?:\.\d+)?))?\}")
MOST_ITEMS = 100_000  # each is kept as the bytes of its request


class Requests(Protocol):
    """The request of each number; the same number always has the same one."""

    def __getitem__(self, number: int) -> bytes: ...


class Same:
    """One request, again and again."""

    def __init__(self, request: bytes) -> None:
        self._request = request

    def __getitem__(self, number: int) -> bytes:
        return self._request


class Zipf:
    """One of ``requests``, the k-th of them as often as 1/k^``exponent``; ``seed`` decides which comes when."""

    def __init__(self, requests: Sequence[bytes], exponent: float, seed: int) -> None:
        self._requests = requests
        self._weights = list(itertools.accumulate(rank**-exponent for rank in range(1, len(requests) + 1)))
        self._random = random.Random(f"items {seed}")  # not the phase of the arrivals
        self._drawn: list[int] = []

    def __getitem__(self, number: int) -> bytes:
        while number >= len(self._drawn):
            self._drawn.append(bisect.bisect(self._weights, self._random.random() * self._weights[-1]))
        return self._requests[self._drawn[number]]


def requests_of(target: str, seed: int, made: Callable[[str], bytes]) -> Requests:
    """The requests for ``target``, a path that may hold one place for Zipf's law; ``made`` writes one as bytes."""
    place = PLACE.search(target)
    if place is None:
        return Same(made(target))
    before, after = target[:place.start()], target[place.end():]
    return Zipf([made(f"{before}{item}{after}") for item in range(1, int(place[1]) + 1)], float(place[2] or 1), seed)
