"""Grading: what is no answer at all, what raises, what hangs, and what a report says."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from labkit.check.claims import book_root
from labkit.check.exercises import ExerciseFailed, exercises, grade, grader
from labkit.check.grader import Broke, Grader, Promise
from labkit.check.guard import Endless, Stuck, guarded
from labkit.check.search import smallest
from labkit.check.steps import joined
from labkit.language import Text

HINT = Text("Think.", "想一想。")


def promise(check: Callable[[Any, int], Broke | None], **options: Any) -> Promise[int]:
    return Promise(st.integers(0, 100), check, lambda number: Text(str(number), str(number)), HINT, **options)


def doubles(check: Callable[[Any, int], Broke | None] | None = None, **options: Any) -> Grader:
    """An exercise of the tests: write a function that doubles."""
    def kept(answer: Any, number: int) -> Broke | None:
        return None if answer(number) == 2 * number else Broke(Text("wrong", "錯"), HINT)

    return Grader("doubles", Text("Double it.", "加倍。"), "double(number)", 1, (promise(check or kept, **options),))


def test_the_exercises_are_known_by_name() -> None:
    assert exercises() == ["bulkhead", "cache-aside", "half-open", "lru-cache", "retry-budget", "shared-limit", "time-to-fill",
                           "ttl-cache"]


@pytest.mark.parametrize("name", exercises())
def test_each_exercise_says_in_both_languages_what_to_write(name: str) -> None:
    chosen = grader(name)
    assert chosen.name == name
    assert chosen.statement.en.startswith("Write ")
    assert chosen.statement.zh.startswith("請寫")


def test_an_unknown_exercise_gets_the_nearest() -> None:
    with pytest.raises(LookupError, match=r"no exercise “retry-buget”\. Did you mean retry-budget"):
        grade("retry-buget", None)


class OnlyRequest:
    def __init__(self, share: float) -> None:
        self.share = share

    def request(self) -> None:
        """Nothing."""


class OtherArguments(OnlyRequest):
    def may_retry(self, now: float) -> bool:
        return True


class NoShare:
    def request(self) -> None:
        """Nothing."""

    def may_retry(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "said"), [
    (None, "it was given None"),
    (lambda share: None, "it was given <function"),
    (OnlyRequest(0.1), "it was given <"),
    (OnlyRequest, "the class has no may_retry"),
    (OtherArguments, "may_retry takes other arguments"),
    (NoShare, "NoShare takes other arguments")])
def test_what_is_no_answer_at_all_is_told_what_is_wanted(answer: Any, said: str) -> None:
    report = grade("retry-budget", answer)
    assert not report.passed
    assert "needs class Budget: Budget(share), request(), may_retry()" in str(report.broke)
    assert said in str(report.broke)
    assert (report.example, report.tried) == (None, 0)


def test_in_a_notebook_a_wrong_answer_is_shown_and_in_ci_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    report = grade("time-to-fill", lambda threads, rate, hold: None)
    report.raise_if_failed()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(ExerciseFailed) as error:
        report.raise_if_failed()
    assert error.value.report is report
    assert "not yet. The pool does fill up" in str(error.value)
    assert "time_to_fill(threads=1, rate=1, hold=2)" in str(error.value)


def test_the_smallest_example_is_found() -> None:
    finding = doubles().examine(lambda number: 2 * number if number < 37 else 0)
    assert finding.example == Text("37", "37")


def test_what_it_raises_is_told_with_its_line() -> None:
    def raises(number: int) -> int:
        return {}[number]  # type: ignore[index, no-any-return]  # the mistake that is tested

    broke = doubles().examine(raises).broke
    line = raises.__code__.co_firstlineno + 1
    assert broke == Broke(Text(f"It raised KeyError: 0 (line {line} of your code).",
                               f"它丟出了 KeyError：0（你的程式第 {line} 行）。"), HINT)


def test_one_that_is_not_steady_is_told_so() -> None:
    calls = []

    def sometimes(number: int) -> int:
        calls.append(number)
        return 2 * number if len(calls) > 1 else -1

    broke = doubles().examine(sometimes).broke
    assert broke is not None
    assert "does not do the same twice" in broke.what.en
    assert "no random numbers" in broke.hint.en


def test_a_break_that_counts_once_need_not_be_seen_twice() -> None:
    calls = []

    def sometimes(number: int) -> int:
        calls.append(number)
        return 2 * number if len(calls) > 1 else -1

    broke = doubles(once=True).examine(sometimes).broke
    assert broke == Broke(Text("wrong", "錯"), HINT)


def test_one_that_hangs_is_called_no_more() -> None:
    calls = []

    def hangs(number: int) -> int:
        calls.append(number)
        threading.Event().wait()
        return 0

    broke = doubles().examine(hangs, patience=0.1).broke
    assert broke is not None
    assert broke.what.en == "It waits and does not return."
    assert len(calls) == 1


def test_the_first_examples_are_tried_before_all_others() -> None:
    finding = doubles(first=(50, 3)).examine(lambda number: 0)
    assert (finding.example, finding.tried) == (Text("50", "50"), 1)


def test_guarded_gives_results_and_exceptions() -> None:
    assert guarded(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        guarded(lambda: 1 // 0)


@pytest.mark.parametrize("loop", ["while True: pass", "while True:\n    x = 1", "sum(0 for _ in iter(int, 1))"])
def test_guarded_ends_a_loop(loop: str) -> None:
    begin = time.monotonic()
    with pytest.raises(Endless):
        guarded(lambda: exec(loop, {}), patience=60)
    assert time.monotonic() - begin < 60


def test_guarded_leaves_what_waits() -> None:
    done = threading.Event()
    with pytest.raises(Stuck):
        guarded(done.wait, patience=0.05)
    done.set()


def test_guarded_traces_no_thread_but_its_own() -> None:
    before = sys.gettrace()
    guarded(lambda: None)
    assert sys.gettrace() is before


def test_grading_leaves_nothing_behind_where_the_notebook_is(tmp_path: Path) -> None:
    here = tmp_path / "labs"  # empty
    script = ("from labkit.check.exercises import grade; "
              "print(grade('time-to-fill', lambda t, r, h: t / r if r * h >= t else None).passed)")
    environment = os.environ | {"PYTHONPATH": str(book_root() / "labs")}
    ran = subprocess.run([sys.executable, "-c", script], cwd=here, env=environment, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("True\n", "")
    assert list(here.iterdir()) == []


def test_a_search_is_the_same_each_time() -> None:
    def tried() -> list[int]:
        seen: list[int] = []
        smallest(st.integers(), lambda number: bool(seen.append(number)))  # type: ignore[func-returns-value]
        return seen

    assert tried() == tried()


def test_neighbouring_steps_of_a_kind_are_shown_as_one() -> None:
    assert joined([("wait", 2), ("wait", 4), ("fail", 1), ("fail", 1), ("wait", 2)], ["wait"]) == [
        ("wait", 6), ("fail", 1), ("fail", 1), ("wait", 2)]
