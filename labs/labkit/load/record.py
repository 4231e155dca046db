"""What the engine writes down for each request, in flat arrays: nineteen bytes a request, and nothing to collect."""

from __future__ import annotations

import base64
import sys
from array import array

from labkit.measure.outcome import PENDING

__all__ = ["Record", "Tags"]

_MOST_TAGS = 127  # a signed byte


class Tags:
    """The values that the tag header had, numbered in the order of their first sight."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers: dict[bytes, int] = {b"": -1}

    def number(self, tag: bytes) -> int:
        """The number of ``tag``; -1 for none, and for what comes when all numbers are taken."""
        if tag not in self._numbers:
            if len(self.values) >= _MOST_TAGS:
                return -1
            self._numbers[tag] = len(self.values)
            self.values.append(tag.decode("latin-1"))
        return self._numbers[tag]


class Record:
    """One stream's requests, in the order in which they were sent; a request is known by its number.

    ``at``: seconds from second 0 to the intended send. ``late``: seconds from there to the actual one. ``latency``:
    seconds from the *intended* send to the outcome, so that whoever had to wait to be sent has waited (coordinated
    omission; Gil Tene, "How NOT to Measure Latency", and his wrk2). ``status``: see :mod:`labkit.measure.outcome`.
    """

    def __init__(self, tags: Tags) -> None:
        self._tags = tags
        self.at, self.late, self.latency = array("d"), array("f"), array("f")
        self.status, self.tag = array("h"), array("b")
        self.answered = 0

    def __len__(self) -> int:
        return len(self.at)

    def begin(self, at: float, late: float) -> int:
        """A request's time has come; its number."""
        self.at.append(at)
        self.late.append(late)
        self.latency.append(0.0)
        self.status.append(PENDING)
        self.tag.append(-1)
        return len(self.at) - 1

    def answer(self, number: int, status: int, now: float, tag: bytes) -> None:
        """An HTTP answer was there at ``now`` (seconds since second 0)."""
        self.answered += 1
        self.status[number] = status
        self.latency[number] = now - self.at[number]
        if tag:
            self.tag[number] = self._tags.number(tag)

    def end(self, number: int, outcome: int, now: float) -> None:
        """It ended without an answer."""
        self.status[number] = outcome
        self.latency[number] = now - self.at[number]

    def encoded(self) -> dict[str, str]:
        """The arrays as base64 of little-endian numbers."""
        return {name: _encoded(getattr(self, name)) for name in ("at", "late", "latency", "status", "tag")}


def _encoded(numbers: array[float] | array[int]) -> str:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode("ascii")
