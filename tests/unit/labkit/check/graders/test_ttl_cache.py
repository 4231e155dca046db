"""The exercise ttl-cache: its model answers, and wrong ones by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mini_services.patterns.lru import LRU
from mini_services.patterns.ttl import TTL
from tests.unit.labkit.check.graders.grading import fails, passes

NAME = "ttl-cache"
Clock = Callable[[], float]


class Model:
    def __init__(self, seconds: float, clock: Clock) -> None:
        self.seconds, self.clock = seconds, clock
        self.entries: dict[int, tuple[str, float]] = {}

    def get(self, key: int) -> str | None:
        value, until = self.entries.get(key, (None, 0.0))
        return value if self.clock() < until else None

    def put(self, key: int, value: str) -> None:
        self.entries[key] = value, self.clock() + self.seconds


class OfTheBook(TTL[int, str]):
    def __init__(self, seconds: float, clock: Clock) -> None:
        super().__init__(LRU(100), seconds, clock=clock)


@pytest.mark.parametrize("answer", [Model, OfTheBook])
def test_right_answers_pass(answer: type) -> None:
    passes(NAME, answer)


class LivesForEver(Model):
    def get(self, key: int) -> str | None:
        return self.entries.get(key, (None, 0.0))[0]


class Slides(Model):
    """What is asked for lives on: a session's time-out, and a cache's mistake."""

    def get(self, key: int) -> str | None:
        value = super().get(key)
        if value is not None:
            self.put(key, value)
        return value


class FirstLifeCounts(Model):
    def put(self, key: int, value: str) -> None:
        until = self.entries[key][1] if key in self.entries else self.clock() + self.seconds
        self.entries[key] = value, until


class AllAsOne(Model):
    """One expiry for everything, which each put moves on."""

    def put(self, key: int, value: str) -> None:
        super().put(key, value)
        self.entries = {each: (kept, self.clock() + self.seconds) for each, (kept, _) in self.entries.items()}


class KeepsNothing(Model):
    def put(self, key: int, value: str) -> None:
        pass


class Raises(Model):
    def get(self, key: int) -> str | None:
        value, until = self.entries[key]
        return value if self.clock() < until else None


MADE = "cache = TTL(5, clock)\n"


@pytest.mark.parametrize(("answer", "broke", "example", "hint"), [
    (LivesForEver, "what was put there 6 s ago; an entry lives for 5 s", MADE + "put(1, ...)\nseconds pass: 6\nget(1)",
     "the clock"),
    (Slides, "what was put there 6 s ago", MADE + "put(1, ...)\nseconds pass: 4\nget(1)\nseconds pass: 2\nget(1)",
     "must not lengthen"),
    (FirstLifeCounts, "put there 2 s ago should still be there",
     MADE + "put(1, ...)\nseconds pass: 4\nput(1, ...)\nseconds pass: 2\nget(1)", "a new life"),
    (AllAsOne, "what was put there 6 s ago", MADE + "put(1, ...)\nseconds pass: 4\nput(2, ...)\nseconds pass: 2\nget(1)",
     "the time"),
    (KeepsNothing, "put there 0 s ago should still be there", MADE + "put(1, ...)\nget(1)", "new life"),
    (Raises, "It raised KeyError: 1 (line ", MADE + "get(1)", "the time")])
def test_wrong_answers_fail_with_the_smallest_example(answer: type, broke: str, example: str, hint: str) -> None:
    fails(NAME, answer, broke, example, hint)
