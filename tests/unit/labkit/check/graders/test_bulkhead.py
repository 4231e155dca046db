"""The exercise bulkhead: its model answers, and wrong ones by name."""

from __future__ import annotations

import threading
from typing import Any, Self

import pytest

from labkit.check.exercises import grade
from tests.unit.labkit.check.graders.grading import fails, passes

NAME = "bulkhead"


class Full(Exception):
    """No place left."""


class Model:
    def __init__(self, places: int) -> None:
        self.places, self.taken, self.lock = places, 0, threading.Lock()

    def __enter__(self) -> Self:
        with self.lock:
            if self.taken >= self.places:
                raise Full
            self.taken += 1
        return self

    def __exit__(self, *exception: object) -> Any:
        with self.lock:
            self.taken -= 1


class BySemaphore:
    def __init__(self, places: int) -> None:
        self.free = threading.Semaphore(places)

    def __enter__(self) -> Self:
        if not self.free.acquire(blocking=False):
            raise Full
        return self

    def __exit__(self, *exception: object) -> None:
        self.free.release()


@pytest.mark.parametrize("answer", [Model, BySemaphore])
def test_right_answers_pass(answer: type) -> None:
    passes(NAME, answer)


class LeaksOnException(Model):
    def __exit__(self, *exception: object) -> Any:
        if exception[0] is None:
            super().__exit__()


class OneTooMany(Model):
    def __enter__(self) -> Self:
        with self.lock:
            if self.taken > self.places:
                raise Full
            self.taken += 1
        return self


class OneTooFew(Model):
    def __init__(self, places: int) -> None:
        super().__init__(places - 1)


class TakesAPlaceWhenRefusing(Model):
    def __enter__(self) -> Self:
        with self.lock:
            self.taken += 1
            if self.taken > self.places:
                raise Full
        return self


class Swallows(Model):
    def __exit__(self, *exception: object) -> Any:
        super().__exit__()
        return True


class ChecksThenActs(Model):
    def __enter__(self) -> Self:
        if self.taken >= self.places:
            raise Full
        self.taken += 1
        return self


class LocksTwice(Model):
    def __enter__(self) -> Self:
        with self.lock:
            full = self.taken >= self.places
        if full:
            raise Full
        with self.lock:
            self.taken += 1
        return self


MADE = "bulkhead = Bulkhead(1)\n"
ENTER, LEAVE, RAISE = "a caller enters\n", "a caller leaves\n", "a caller leaves by an exception\n"


@pytest.mark.parametrize(("answer", "broke", "example", "hint"), [
    (LeaksOnException, "Places taken: 0 of 1, and it refused a caller (Full)", MADE + ENTER + RAISE + ENTER,
     "is the place given back"),
    (OneTooMany, "Every place was taken (1), and one more caller got in", MADE + ENTER + ENTER, "Compare the places"),
    (OneTooFew, "Places taken: 0 of 1", MADE + ENTER + ENTER, "has taken none"),
    (TakesAPlaceWhenRefusing, "Places taken: 0 of 1", MADE + ENTER + ENTER + LEAVE + ENTER, "has taken none"),
    (Swallows, "An exception that was raised inside is gone", MADE + ENTER + RAISE, "True stops it")])
def test_wrong_answers_fail_with_the_smallest_example(answer: type, broke: str, example: str, hint: str) -> None:
    fails(NAME, answer, broke, example.rstrip("\n"), hint)


@pytest.mark.parametrize("answer", [ChecksThenActs, LocksTwice])
def test_a_race_is_found_without_luck(answer: type) -> None:
    report = grade(NAME, answer)
    assert "Two threads entered in the same moment, and both got the last place" in str(report.broke)
    assert "thread 2 enters\nthread 1 goes on" in str(report.example)
    assert "under one lock" in str(report.hint)


class Waits(BySemaphore):
    def __enter__(self) -> Self:
        self.free.acquire()
        return self


def test_one_that_waits_is_left_behind() -> None:
    example = (MADE + ENTER + ENTER).rstrip("\n")
    fails(NAME, Waits, "It waits and does not return", example, "raise at once", patience=0.3)


class NoManager:
    def __init__(self, places: int) -> None:
        self.places = places


def test_a_class_without_the_methods_is_told_so() -> None:
    fails(NAME, NoManager, "the class has no __enter__, __exit__", None)
