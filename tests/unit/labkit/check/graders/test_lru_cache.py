"""The exercise lru-cache: its model answers, and wrong ones by name."""

from __future__ import annotations

import pytest

from mini_services.patterns.lru import LRU
from tests.unit.labkit.check.graders.grading import fails, passes

NAME = "lru-cache"


class Model:
    """A dict keeps its order: the one used last is put back at the end."""

    def __init__(self, size: int) -> None:
        self.size: int = size
        self.entries: dict[int, str] = {}

    def get(self, key: int) -> str | None:
        if key in self.entries:
            self.entries[key] = self.entries.pop(key)
        return self.entries.get(key)

    def put(self, key: int, value: str) -> None:
        self.entries.pop(key, None)
        self.entries[key] = value
        if len(self.entries) > self.size:
            del self.entries[next(iter(self.entries))]


@pytest.mark.parametrize("answer", [Model, LRU])
def test_right_answers_pass(answer: type) -> None:
    passes(NAME, answer)


class KeepsAll(Model):
    def put(self, key: int, value: str) -> None:
        self.entries[key] = value


class FirstInFirstOut(Model):
    def get(self, key: int) -> str | None:
        return self.entries.get(key)


class PutIsNoUse(Model):
    def put(self, key: int, value: str) -> None:
        self.entries[key] = value
        if len(self.entries) > self.size:
            del self.entries[next(iter(self.entries))]


class DropsTheNewest(Model):
    def put(self, key: int, value: str) -> None:
        if key in self.entries or len(self.entries) < self.size:
            super().put(key, value)


class MakesRoomForWhatIsThere(Model):
    def put(self, key: int, value: str) -> None:
        if len(self.entries) >= self.size:
            del self.entries[next(iter(self.entries))]
        super().put(key, value)


class KeepsTheFirstValue(Model):
    def put(self, key: int, value: str) -> None:
        super().put(key, self.entries.get(key, value))


class Raises(Model):
    def get(self, key: int) -> str | None:
        super().get(key)
        return self.entries[key]


class OneTooMany(Model):
    def __init__(self, size: int) -> None:
        super().__init__(size + 1)


MADE = "cache = LRU(1)\n"


@pytest.mark.parametrize(("answer", "broke", "example", "hint"), [
    (KeepsAll, "1 should be gone: there is room for 1", MADE + "put(1, ...)\nput(2, ...)\nget(1)", "one must go"),
    (FirstInFirstOut, "get(1) gave None, but 1 is among the 2",
     "cache = LRU(2)\nput(1, ...)\nput(2, ...)\nget(1)\nput(3, ...)\nget(1)", "Does a get count"),
    (PutIsNoUse, "get(1) gave None, but 1 is among the 2",
     "cache = LRU(2)\nput(1, ...)\nput(2, ...)\nput(1, ...)\nput(3, ...)\nget(1)", "a put of a key that is there"),
    (DropsTheNewest, "1 should be gone: there is room for 1", MADE + "put(1, ...)\nput(2, ...)\nget(1)", "used least recently"),
    (MakesRoomForWhatIsThere, "get(1) gave None, but 1 is among the 2",
     "cache = LRU(2)\nput(1, ...)\nput(2, ...)\nput(2, ...)\nget(1)", "who goes"),
    (KeepsTheFirstValue, "what was put there last is 'value 1'", MADE + "put(1, ...)\nput(1, ...)\nget(1)", "replaces"),
    (Raises, "It raised KeyError: 1 (line ", MADE + "get(1)", "one must go"),
    (OneTooMany, "1 should be gone: there is room for 1", MADE + "put(1, ...)\nput(2, ...)\nget(1)", "one must go")])
def test_wrong_answers_fail_with_the_smallest_example(answer: type, broke: str, example: str, hint: str) -> None:
    fails(NAME, answer, broke, example, hint)
