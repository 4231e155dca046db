"""The exercise cache-aside: its model answers, and wrong ones by name."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from mini_services.patterns.cache import CacheAside
from mini_services.patterns.lru import LRU
from tests.unit.labkit.check.graders.grading import fails, passes

NAME = "cache-aside"
Load = Callable[[int], str]


class Model:
    """It counts the changes of each key."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.copies: dict[int, str] = {}
        self.changes: dict[int, int] = {}

    def get(self, key: int) -> str:
        if key in self.copies:
            return self.copies[key]
        before = self.changes.get(key)
        value = self.load(key)
        if self.changes.get(key) == before:
            self.copies[key] = value
        return value

    def changed(self, key: int) -> None:
        self.changes[key] = self.changes.get(key, 0) + 1
        self.copies.pop(key, None)


class OfTheBook(CacheAside[int, str]):
    def __init__(self, load: Load) -> None:
        super().__init__(LRU(10), load)


class TogetherOfTheBook(CacheAside[int, str]):
    def __init__(self, load: Load) -> None:
        super().__init__(LRU(10), load, together=True)


class LoadsUntilNothingChanged(Model):
    """It gives the newer value at once, which is allowed as well."""

    def get(self, key: int) -> str:
        while True:
            value = super().get(key)
            if key in self.copies:
                return value


@pytest.mark.parametrize("answer", [Model, OfTheBook, TogetherOfTheBook, LoadsUntilNothingChanged])
def test_right_answers_pass(answer: type) -> None:
    passes(NAME, answer)


class KeepsWhatWasOvertaken(Model):
    def get(self, key: int) -> str:
        if key not in self.copies:
            self.copies[key] = self.load(key)
        return self.copies[key]


class NeverForgets(Model):
    def changed(self, key: int) -> None:
        pass


class NeverKeeps(Model):
    def get(self, key: int) -> str:
        return self.load(key)


class ForgetsAll(Model):
    def changed(self, key: int) -> None:
        super().changed(key)
        self.copies.clear()


class NeverKeepsWhatOnceChanged(Model):
    def get(self, key: int) -> str:
        if key in self.copies:
            return self.copies[key]
        value = self.load(key)
        if key not in self.changes:
            self.copies[key] = value
        return value


class HoldsALock(KeepsWhatWasOvertaken):
    def __init__(self, load: Load) -> None:
        super().__init__(load)
        self.lock = threading.Lock()

    def get(self, key: int) -> str:
        with self.lock:
            return super().get(key)

    def changed(self, key: int) -> None:
        with self.lock:
            super().changed(key)


MADE = "aside = Aside(load)\n"
CHANGES = "the original of 1 changes, and changed(1) is called\n"
OVERTAKEN = "get(1); while it loads, the original of 1 changes, and changed(1) is called"


@pytest.mark.parametrize(("answer", "broke", "example", "hint"), [
    (KeepsWhatWasOvertaken, "get(1) gave '1 as of change 0', but the original had already changed to '1 as of change 1'",
     MADE + OVERTAKEN + "\nget(1)", "read the old value before"),
    (NeverForgets, "get(1) gave '1 as of change 0'", MADE + "get(1)\n" + CHANGES + "get(1)", "forget the copy"),
    (NeverKeeps, "It loaded 1 again", MADE + "get(1)\nget(1)", "Keep what was loaded"),
    (ForgetsAll, "It loaded 1 again", MADE + "get(1)\n" + CHANGES.replace("1", "2") + "get(1)", "none of the others'"),
    (NeverKeepsWhatOnceChanged, "It loaded 1 again", MADE + CHANGES + "get(1)\nget(1)", "Keep what was loaded"),
    (HoldsALock, "It waits and does not return", MADE + OVERTAKEN, "Do not hold a lock")])
def test_wrong_answers_fail_with_the_smallest_example(answer: type, broke: str, example: str, hint: str) -> None:
    fails(NAME, answer, broke, example, hint)
