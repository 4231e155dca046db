"""The exercise time-to-fill: its model answers, and wrong ones by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from labkit.check.exercises import grade
from tests.unit.labkit.check.graders.grading import fails, passes

NAME = "time-to-fill"
Answer = Callable[[int, int, float], Any]


def model(threads: int, rate: int, hold: float) -> float | None:
    if rate * hold < threads:
        return None
    return threads / rate


def infinite(threads: int, rate: int, hold: float) -> float:
    return threads / rate if rate * hold >= threads else math.inf


def first_at_zero(threads: int, rate: int, hold: float) -> float | None:
    return (threads - 1) / rate if rate * hold > threads - 1 and hold else None


def simulation(threads: int, rate: int, hold: float) -> float | None:
    back: list[float] = []
    for count in range(1, threads + 2 if rate and hold else 1):
        at = count / rate
        back = [each for each in back if each > at] + [at + hold]
        if len(back) == threads:
            return at
    return None


@pytest.mark.parametrize("answer", [model, infinite, first_at_zero, simulation])
def test_right_answers_pass(answer: Answer) -> None:
    passes(NAME, answer)


def forgets_never(threads: int, rate: int, hold: float) -> float:
    return threads / rate if rate else math.inf


def divides_by_zero(threads: int, rate: int, hold: float) -> float | None:
    full = threads / rate
    return full if full <= hold else None


def uses_hold(threads: int, rate: int, hold: float) -> float | None:
    return threads * hold if rate * hold >= threads else None


def multiplies(threads: int, rate: int, hold: float) -> float | None:
    return threads * rate if rate * hold >= threads else None


def whole_seconds(threads: int, rate: int, hold: float) -> float | None:
    return threads // rate if rate * hold >= threads else None


def milliseconds(threads: int, rate: int, hold: float) -> float | None:
    return 1000 * threads / rate if rate * hold >= threads else None


def compares_the_wrong_way(threads: int, rate: int, hold: float) -> float | None:
    return threads / rate if rate and rate * hold < threads else None


def says_yes(threads: int, rate: int, hold: float) -> bool:
    return rate * hold >= threads


SMALLEST = "time_to_fill(threads=1, rate=1, hold=2)"


@pytest.mark.parametrize(("answer", "broke", "example", "hint"), [
    (forgets_never, "never fills up, but the answer says 1 s", "time_to_fill(threads=1, rate=1, hold=0)", "Little's"),
    (divides_by_zero, "ZeroDivisionError: division by zero (line ", "time_to_fill(threads=1, rate=0, hold=0)",
     "rate 0"),
    (uses_hold, "taken after 1 s; the answer says 2 s", SMALLEST, "one more thread"),
    (multiplies, "taken after 0.5 s; the answer says 2 s", "time_to_fill(threads=1, rate=2, hold=1)", "one more"),
    (whole_seconds, "taken after 0.667 s; the answer says 0 s", "time_to_fill(threads=2, rate=3, hold=1)", "one more"),
    (milliseconds, "the answer says 1,000 s", SMALLEST, "one more thread"),
    (compares_the_wrong_way, "does fill up, but the answer says never", SMALLEST, "Compare rate × hold"),
    (says_yes, "the answer says True", SMALLEST, "one more thread")])
def test_wrong_answers_fail_with_the_smallest_example(answer: Answer, broke: str, example: str, hint: str) -> None:
    fails(NAME, answer, broke, example, hint)


def test_a_loop_that_does_not_end_is_stopped() -> None:
    def endless(threads: int, rate: int, hold: float) -> float:
        while True: pass  # noqa: E701 (on one line it is the hardest to stop)

    fails(NAME, endless, "does not come to an end", SMALLEST)


def test_what_it_prints_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def chatty(threads: int, rate: int, hold: float) -> float | None:
        print("called")
        return model(threads, rate, hold)

    passes(NAME, chatty)
    assert capsys.readouterr().out == ""


def test_it_says_in_how_many_examples_it_was_right() -> None:
    report = grade(NAME, model)
    assert report.tried >= 200
    assert f"in {report.tried} examples" in report.sentence.en
